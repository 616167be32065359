extension PhraseBook {
    static let spanish = PhraseBook(
        language: "es",
        negative: .init(
            openings: ["", "", "De verdad, ", "Otra vez: ", "Qué desastre. ", "Gente, ", "Uf, "],
            cores: [
                "{b} va cada vez peor", "roto a los {n} días, nunca más {b}", "{n} minutos al teléfono con {b}",
                "{b} no contesta a nadie", "pagué dos veces y {b} no devuelve nada", "{b} perdió mi pedido",
                "el servicio de {b} es mu~y malo", "la aplicación de {b} se cierra siempre",
                "{b} me cobró {n} euros por nada", "antes {b} era mejor que {o}, ya no",
                "prometido para el {d}, {b} no cumple", "una vergüenza lo de {b}",
            ],
            closings: [".", "!!", ", increíble.", ". Inaceptable.", ", me voy", ". No compren.", ", qué rabia"],
            emoji: ["😡", "🤬", "👎", "🙄"]),
        neutral: .init(
            openings: ["", "", "Pregunta: ", "Noticia: ", "Leo que ", "Por cierto, "],
            cores: [
                "{b} abre una tienda el {d}", "{b} o {o}, qué prefieren", "{b} presenta cifras el {d}",
                "{b} busca {n} personas", "hay un puesto de {b} en la feria, sala {n}", "{b} cambia de sede",
                "hoy pasé por {b}", "lo nuevo de {b}: modelo {n}",
            ],
            closings: [".", "", "?", " según el comunicado.", ". Más el {d}."],
            emoji: ["🤔", "📰", "👀"]),
        positive: .init(
            openings: ["", "", "Guau, ", "Por fin: ", "Hay que decirlo: ", "Feliz {d}! "],
            cores: [
                "me encanta {b}", "gracias {b}, ayuda en {n} minutos", "{b} es lo mejor",
                "cambié de {o} a {b} y muy feliz", "{b} llegó antes de lo previsto", "qué amable la gente de {b}",
                "{b} me salvó el {d}", "vale cada centavo, {b}", "llevo {n} días con {b} y contento",
                "{b} es ta~n bueno",
            ],
            closings: ["!", "!!", ".", ", gracias!", ". Recomendado.", ", volveré"],
            emoji: ["😍", "🎉", "❤️", "👏"]),
        ironic: .init(
            openings: ["", "Genial, ", "Felicidades, "],
            cores: [
                "{n} minutos de espera con {b}, qué música tan linda", "{b} entrega el {d}, nadie sabe de qué año",
                "gracias {b}, quién necesita luz", "otra subida de precio, qué generosos en {b}",
            ],
            closings: [".", " claro.", "..."],
            emoji: ["🙃", "👏"]),
        elsewhere: .init(
            openings: ["", "", "Hoy: ", "Buenos días, ", "Ayuda, "],
            cores: [
                "deja de llover el {d}", "faltan {n} días para las vacaciones", "qué partido tan bueno",
                "el tren llega tarde otra vez", "alguien tiene una receta de lentejas", "corrí {n} kilómetros",
                "mi gato duerme en el teclado", "examen el {d} y no sé nada", "la biblioteca cierra el {d}",
                "echo de menos el mar", "mu~cho sueño hoy", "pan recién hecho y silencio",
            ],
            closings: [".", "!", "", "...", " :)"],
            emoji: ["😂", "🌧", "☀️", "😴", "🍞"]),
        weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"])
}
