import Subwords
import Testing

@Suite struct SubwordErrorTests {
    @Test func anErrorSaysWhatIsWrong() {
        #expect("\(SubwordError.unusable(reason: "no model"))" == "tokenizer: no model")
    }
}
