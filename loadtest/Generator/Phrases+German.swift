extension PhraseBook {
    static let german = PhraseBook(
        language: "de",
        negative: .init(
            openings: ["", "", "Ehrlich, ", "Schon wieder: ", "Na super. ", "Leute, ", "Puh, "],
            cores: [
                "{b} ist so~ schlecht geworden", "nach {n} Tagen kaputt, nie wieder {b}",
                "{n} Minuten in der Warteschleife von {b}", "{b} antwortet einfach nicht",
                "doppelt bezahlt und {b} erstattet nichts", "bei {b} klappt gar nichts mehr",
                "der Service von {b} ist eine Katastrophe", "{b} hat meine Bestellung verloren",
                "früher war {b} besser, {o} ist längst vorbei", "am {d} versprochen, {b} liefert nicht",
                "die App von {b} stürzt ständig ab", "{b} will {n} Euro für nichts",
            ],
            closings: [".", "!!", ", unfassbar.", ". Frechheit!", ", ich bin raus", ". Finger weg.", ", echt traurig"],
            emoji: ["😡", "🤬", "👎", "🙄"]),
        neutral: .init(
            openings: ["", "", "Frage: ", "Info: ", "Gelesen: ", "Übrigens, "],
            cores: [
                "{b} eröffnet am {d} einen Laden", "{b} oder {o}, was nehmt ihr",
                "{b} stellt am {d} Zahlen vor", "Stand von {b} auf der Messe, Halle {n}",
                "{b} sucht {n} Leute", "{b} zieht um", "heute bei {b} gewesen", "neu von {b}: Modell {n}",
            ],
            closings: [".", "", "?", " laut Meldung.", ". Mehr am {d}."],
            emoji: ["🤔", "📰", "👀"]),
        positive: .init(
            openings: ["", "", "Wow, ", "Endlich: ", "Lob an alle: ", "Kurz gesagt, "],
            cores: [
                "{b} ist einfach klasse", "danke {b}, Hilfe in {n} Minuten", "ich li~ebe {b}",
                "von {o} zu {b} gewechselt, viel besser", "{b} liefert schneller als gedacht",
                "super freundlich bei {b} heute", "{b} hat meinen {d} gerettet", "jeden Cent wert, {b}",
                "seit {n} Tagen mit {b} zufrieden", "so~ schön gemacht, {b}",
            ],
            closings: ["!", "!!", ".", ", danke!", ". Empfehlung!", ", gerne wieder"],
            emoji: ["😍", "🎉", "❤️", "👏"]),
        ironic: .init(
            openings: ["", "Na toll, ", "Glückwunsch, "],
            cores: [
                "{n} Minuten Warteschleife bei {b}, herrliche Musik",
                "{b} liefert am {d}, fragt sich nur in welchem Jahr",
                "danke {b}, wer braucht schon Strom", "wieder teurer, wie großzügig von {b}",
            ],
            closings: [".", " nicht.", "..."],
            emoji: ["🙃", "👏"]),
        elsewhere: .init(
            openings: ["", "", "Heute: ", "Guten Morgen, ", "Hilfe, "],
            cores: [
                "der Regen hört am {d} auf", "noch {n} Tage bis zum Urlaub", "das Spiel war großartig",
                "die Bahn ist wieder zu spät", "wer hat ein Rezept für Linsen", "{n} Kilometer gelaufen",
                "meine Katze schläft auf der Tastatur", "Prüfung am {d} und keine Ahnung",
                "die Bücherei bleibt am {d} zu", "ich vermisse das Meer", "so~ müde heute", "frisches Brot und Ruhe",
            ],
            closings: [".", "!", "", "...", " :)"],
            emoji: ["😂", "🌧", "☀️", "😴", "🍞"]),
        weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"])
}
