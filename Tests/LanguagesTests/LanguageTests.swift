import Languages
import Testing

struct LanguageTests {
    /// An invented sentence of each language.
    private static let sentences: [(language: String, text: String)] = [
        ("ar", "وصل القطار متأخراً هذا الصباح ولم يعتذر أحد"),
        ("be", "Сёння раніцай цягнік зноў спазніўся, і ніхто не папрасіў прабачэння"),
        ("bg", "Тази сутрин влакът пак закъсня и никой не се извини"),
        ("bn", "আজ সকালে ট্রেন আবার দেরিতে এসেছে এবং কেউ ক্ষমা চায়নি"),
        ("ca", "Aquest matí el tren ha tornat a arribar tard i ningú no s'ha disculpat"),
        ("cs", "Dnes ráno přijel vlak zase pozdě a nikdo se neomluvil"),
        ("da", "Toget var forsinket igen i morges, og ingen sagde undskyld til passagererne"),
        ("de", "Der Zug kam heute Morgen wieder zu spät und niemand hat sich entschuldigt"),
        ("el", "Το τρένο άργησε πάλι σήμερα το πρωί και κανείς δεν ζήτησε συγγνώμη"),
        ("en", "The train was late again this morning and nobody said sorry"),
        ("es", "El tren llegó otra vez tarde esta mañana y nadie pidió perdón"),
        ("et", "Rong hilines täna hommikul jälle ja keegi ei vabandanud"),
        ("fa", "قطار امروز صبح دوباره دیر رسید و هیچ کس عذرخواهی نکرد"),
        ("fi", "Juna oli taas myöhässä tänä aamuna eikä kukaan pyytänyt anteeksi"),
        ("fr", "Le train est encore arrivé en retard ce matin et personne ne s'est excusé"),
        ("he", "הרכבת איחרה שוב הבוקר ואף אחד לא התנצל"),
        ("hi", "आज सुबह ट्रेन फिर देर से आई और किसी ने माफ़ी नहीं माँगी"),
        ("hr", "Vlak je jutros opet kasnio i nitko se nije ispričao putnicima"),
        ("hu", "Ma reggel megint késett a vonat, és senki sem kért bocsánatot"),
        ("id", "Kereta pagi ini terlambat lagi dan tidak ada yang meminta maaf"),
        ("is", "Lestin var aftur of sein í morgun og enginn baðst afsökunar"),
        ("it", "Stamattina il treno è arrivato di nuovo in ritardo e nessuno si è scusato"),
        ("ja", "今朝も電車が遅れたのに、誰も謝らなかった"),
        ("ka", "მატარებელმა დღეს დილით ისევ დაიგვიანა და არავის მოუხდია ბოდიში"),
        ("ko", "오늘 아침에도 기차가 늦었는데 아무도 사과하지 않았다"),
        ("lt", "Šį rytą traukinys vėl vėlavo ir niekas neatsiprašė"),
        ("lv", "Šorīt vilciens atkal kavējās, un neviens neatvainojās"),
        ("mk", "Утринава возот повторно доцнеше и никој не се извини"),
        ("nl", "De trein was vanochtend weer te laat en niemand heeft zijn excuses aangeboden"),
        ("no", "Toget var forsinket igjen i dag tidlig, og ingen ba om unnskyldning"),
        ("pl", "Pociąg znowu się dziś rano spóźnił i nikt nie przeprosił"),
        ("pt", "O trem chegou atrasado de novo hoje de manhã e ninguém pediu desculpas"),
        ("ro", "Trenul a întârziat din nou azi dimineață și nimeni nu și-a cerut scuze"),
        ("ru", "Сегодня утром поезд опять опоздал, и никто не извинился"),
        ("sk", "Dnes ráno vlak opäť meškal a nikto sa neospravedlnil"),
        ("sl", "Vlak je danes zjutraj spet zamujal in nihče se ni opravičil"),
        ("sq", "Treni u vonua përsëri sot në mëngjes dhe askush nuk kërkoi falje"),
        ("sr", "Воз је јутрос опет каснио и нико се није извинио путницима"),
        ("sv", "Tåget var försenat igen i morse och ingen bad om ursäkt"),
        ("ta", "இன்று காலை ரயில் மீண்டும் தாமதமாக வந்தது, யாரும் மன்னிப்பு கேட்கவில்லை"),
        ("th", "เช้านี้รถไฟมาสายอีกแล้วและไม่มีใครขอโทษเลย"),
        ("tr", "Tren bu sabah yine geç kaldı ve kimse özür dilemedi"),
        ("uk", "Сьогодні вранці потяг знову запізнився, і ніхто не вибачився"),
        ("ur", "آج صبح ٹرین پھر دیر سے آئی اور کسی نے معافی نہیں مانگی"),
        ("vi", "Sáng nay tàu lại đến muộn và không ai xin lỗi hành khách"),
        ("zh", "今天早上火车又晚点了，没有人道歉"),
    ]

    @Test func moreThanThirtyLanguagesAreTold() {
        #expect(Self.sentences.count > 30)
        for (language, text) in Self.sentences {
            #expect(LanguageIdentifier.language(of: text) == .known(language), "\(text)")
        }
    }

    @Test func linksHandlesAndHashtagsAreOfNoLanguage() {
        let marks = "RT @railnews https://example.org/the-train-is-late #BestTrainEver"
        #expect(LanguageIdentifier.language(of: marks) == .wordless)
        #expect(LanguageIdentifier.language(of: "😂😂 … 12:30 !!") == .wordless)
        #expect(LanguageIdentifier.language(of: "") == .wordless)
        #expect(
            LanguageIdentifier.language(of: "\(marks) der Zug kommt heute wieder zu spät") == .known("de"))
    }

    @Test func aFewOddWordsAreNotTakenForEnglish() {
        #expect(LanguageIdentifier.language(of: "Qwrtz mkl zzrp") != .known("en"))
    }

    @Test func aLongTextCostsNoMoreThanAPostAndEndsBetweenCharacters() {
        let text = String(repeating: "поезд", count: 10_000)
        #expect(LanguageIdentifier.language(of: text) != .wordless)
    }

    @Test func whatIsDeclaredStandsUnlessTheScriptSaysThatItCannotBe() {
        func language(_ declared: String, _ text: String) -> TextLanguage {
            PostLanguage.language(of: text, declared: declared)
        }
        #expect(language("de", "The train was late again this morning") == .known("de"))
        #expect(language("pt-br", "O trem chegou") == .known("pt"))
        #expect(language("en", "Сегодня утром поезд опять опоздал") == .known("ru"))
        // Hindi on a Latin keyboard.
        #expect(language("hi", "aaj train phir late thi yaar") == .known("hi"))
        #expect(language("en", "😂😂") == .known("en"))
    }

    @Test func aTagForNothingDeclaresNothing() {
        for tag in ["", "und", "zxx", "qme"] {
            #expect(
                PostLanguage.language(of: "The train was late again this morning", declared: tag) == .known("en"))
        }
    }
}
