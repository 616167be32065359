import Neural
import Text

/// Trains the convolutional part by minibatches: Adagrad for the embeddings, Adam for the rest.
struct NetworkTrainer {
    /// One question over the shared trunk.
    struct Task {
        var texts: [TextFeatures]
        var targets: Targets
        var classes: Int
    }

    let settings: FastTrainer.Settings
    private(set) var network: Network
    private var heads: [Linear]
    private var random: SplitMix
    private var embeddingGradient: SparseGradient
    private var embeddingStep: SparseAdagrad
    private var convolutionSteps: [(weight: Adam, bias: Adam)]
    private var headSteps: [(weight: Adam, bias: Adam)]

    /// - `classes` has the number of classes of each task; the first task is the main one.
    init(classes: [Int], settings: FastTrainer.Settings) {
        self.settings = settings
        let embeddingRows = 1 << settings.features.tableBits
        let width = settings.width
        random = SplitMix(seed: settings.seed)
        let table = Matrix(rows: embeddingRows, columns: width, deviation: 0.1, using: &random)
        var generator = random
        let convolutions = settings.filters.map { group in
            let reach = group.span * width
            return Convolution(
                weight: Matrix(
                    rows: reach, columns: group.count, deviation: (2 / Float(reach)).squareRoot(), using: &generator),
                bias: [Float](repeating: 0, count: group.count), span: group.span)
        }
        let filters = settings.filterCount
        heads = classes.map { count in
            Linear(
                weight: Matrix(
                    rows: count, columns: filters, deviation: (1 / Float(filters)).squareRoot(), using: &generator),
                bias: [Float](repeating: 0, count: count))
        }
        random = generator
        network = Network(
            embedding: EmbeddingBag(table: table), convolutions: convolutions, output: heads[0])
        embeddingGradient = SparseGradient(rows: embeddingRows, width: width)
        embeddingStep = SparseAdagrad(rows: embeddingRows)
        convolutionSteps = convolutions.map { (Adam(count: $0.weight.values.count), Adam(count: $0.bias.count)) }
        headSteps = heads.map { (Adam(count: $0.weight.values.count), Adam(count: $0.bias.count)) }
    }

    /// One pass over all tasks in random order, batch by batch; the mean training loss of the main task.
    mutating func epoch(_ tasks: [Task], rate: Float) -> Double {
        var batches: [(task: Int, items: ArraySlice<Int>)] = []
        for (number, task) in tasks.enumerated() {
            let order = Array(task.texts.indices).shuffled(using: &random)
            for start in stride(from: 0, to: order.count, by: settings.batch) {
                batches.append((number, order[start..<min(start + settings.batch, order.count)]))
            }
        }
        batches.shuffle(using: &random)
        var losses = 0.0
        for batch in batches {
            let loss = step(tasks[batch.task], items: batch.items, head: batch.task, rate: rate)
            if batch.task == 0 { losses += loss * Double(batch.items.count) }
        }
        network.output = heads[0]
        return losses / Double(max(tasks[0].texts.count, 1))
    }

    private mutating func step(_ task: Task, items: ArraySlice<Int>, head: Int, rate: Float) -> Double {
        let texts = items.map { thinned(task.texts[$0]) }
        let mask = dropoutMask(count: items.count * settings.filterCount)
        let pass = TrainingPass(
            network.embedding, network.convolutions, heads[head], PackedTokens(texts, span: settings.span),
            mask: mask)
        let loss = pass.loss(task.targets, of: items)
        let gradients = pass.backward(
            loss.logits, network.embedding, network.convolutions, heads[head], into: &embeddingGradient)
        embeddingStep.step(
            &network.embedding.table, embeddingGradient, rate: settings.embeddingRate * rate)
        embeddingGradient.reset()
        let dense = settings.rate * rate
        for (index, gradient) in gradients.convolutions.enumerated() {
            convolutionSteps[index].weight.step(
                &network.convolutions[index].weight.values, gradient.weight.values, rate: dense)
            convolutionSteps[index].bias.step(&network.convolutions[index].bias, gradient.bias, rate: dense)
        }
        headSteps[head].weight.step(&heads[head].weight.values, gradients.head.weight.values, rate: dense)
        headSteps[head].bias.step(&heads[head].bias, gradients.head.bias, rate: dense)
        return loss.value
    }

    /// The text without a random share of its tokens.
    private mutating func thinned(_ text: TextFeatures) -> TextFeatures {
        guard settings.tokenDropout > 0 else { return text }
        var result = TextFeatures()
        for token in 0..<text.tokens {
            // A token left out stays as an empty bag, so that its neighbours do not become neighbours.
            result.append(random.uniform() < settings.tokenDropout ? [] : text[token])
        }
        return result
    }

    private mutating func dropoutMask(count: Int) -> [Float] {
        let kept = 1 / (1 - settings.dropout)
        return (0..<count).map { _ in random.uniform() < settings.dropout ? 0 : kept }
    }
}
