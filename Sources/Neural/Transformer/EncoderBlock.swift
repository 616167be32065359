internal import CKernels

/// The working memory of an ``Encoder`` for one block of texts, and the steps on it.
///
/// Tokens lie in the lanes of vectors, 16 each; a panel is what one product takes. Raw pointers stay inside this file.
struct EncoderBlock: ~Copyable {
    /// Tokens of a block that one product takes together.
    struct Panel {
        let start: Int
        /// A multiple of 16; the last panel's may exceed the block's.
        let tokens: Int
    }

    let panels: [Panel]
    private let tokens: Int
    private let shape: EncoderShape
    private let kernels: gs_instructions
    /// Panels one behind the other, each `[width][panel's tokens]`.
    private let hidden: AlignedFloats
    /// What attention gives, `[width][stride]`.
    private let context: AlignedFloats
    private let planes: AlignedFloats
    private let stride: Int
    /// Scores of one head of one text.
    private let scores: AlignedFloats
    /// One panel between the products of the feed-forward part.
    private let middle: AlignedFloats
    /// The operands of products, with the unit and the shift of each token.
    private let narrow: AlignedFloats
    private let wide: AlignedFloats
    private let ranges: AlignedFloats

    /// - Parameters:
    ///   - tokens: of the whole block.
    ///   - longest: of the longest text in it.
    ///   - precision: in `fp32` the whole block is one panel.
    init(tokens: Int, longest: Int, shape: EncoderShape, precision: Precision, kernels: gs_instructions) {
        let vector = Int(GS_VECTOR)
        let padded = (tokens + vector - 1) / vector * vector
        let size = precision == .fp32 ? max(padded, 1) : Int(GS_PANEL)
        panels = Swift.stride(from: 0, to: padded, by: size).map {
            Panel(start: $0, tokens: min(size, padded - $0))
        }
        self.tokens = tokens
        self.shape = shape
        self.kernels = kernels
        // An odd number of vectors: rows that lie a power of two apart would share few places in the cache.
        stride = ((padded + Int(GS_PANEL)) / vector | 1) * vector
        hidden = AlignedFloats(count: shape.width * padded)
        context = AlignedFloats(count: shape.width * stride)
        planes = AlignedFloats(count: 3 * shape.width * stride)
        scores = AlignedFloats(count: Int(GS_PANEL) * (longest + 8))
        middle = AlignedFloats(count: max(shape.inner, shape.width) * min(size, padded))
        // Room for bf16, the larger of the packed precisions.
        narrow = AlignedFloats(count: precision == .fp32 ? 0 : shape.width * size / 2)
        wide = AlignedFloats(count: precision == .fp32 ? 0 : shape.inner * size / 2)
        ranges = AlignedFloats(count: 4 * Int(GS_PANEL))
        // Lanes of no token may hold anything, but where values are halves, that behind the last token makes a pair with
        // it and is multiplied by zero. Values come behind the queries and keys, two halves in a float.
        for row in 0..<shape.width {
            planes.base[((2 * shape.width + row) * stride + padded) / 2] = 0
        }
    }

    private var width: Int32 { Int32(shape.width) }

    private func place(of panel: Panel) -> UnsafeMutablePointer<Float> { hidden.base + panel.start * shape.width }

    /// Takes the rows `[tokens, width]` as hidden states.
    func load(_ rows: [Float]) {
        precondition(rows.count == tokens * shape.width, "\(rows.count) values for \(tokens) tokens")
        rows.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            for panel in panels {
                gs_to_lanes(
                    kernels, rows + panel.start * shape.width, Int32(min(panel.tokens, tokens - panel.start)), width,
                    place(of: panel), panel.tokens)
            }
        }
    }

    /// Writes the hidden states of all tokens behind one another, `[tokens, width]`.
    func store(into rows: UnsafeMutablePointer<Float>) {
        for panel in panels {
            gs_from_lanes(
                kernels, place(of: panel), panel.tokens, Int32(min(panel.tokens, tokens - panel.start)), width,
                rows + panel.start * shape.width)
        }
    }

    func normalise(_ panel: Panel, _ norm: LayerNorm) {
        gs_normalise(
            kernels, place(of: panel), panel.tokens, width, Int32(panel.tokens), norm.gain, norm.bias,
            shape.normEpsilon)
    }

    /// Hidden states to queries, keys and values.
    func project(_ panel: Panel, _ linear: PackedLinear) {
        if case .fp32(let weights) = linear.weights {
            BLAS.multiply(
                weights, m: linear.outputs, k: linear.inputs, place(of: panel), rowLength: panel.tokens,
                n: panel.tokens, into: planes.base, rowLength: stride)
            gs_add_bias_rows(kernels, planes.base, stride, Int32(linear.outputs), Int32(panel.tokens), linear.bias)
            return
        }
        withOperand(place(of: panel), panel.tokens, panel, linear) { x, layer, isHalf in
            var target = planeView
            gs_project(kernels, isHalf, x, layer, &target, panel.start)
        }
    }

    /// Attention within one text.
    func attend(_ text: Range<Int>, exact: Bool) {
        var view = planeView
        gs_attend(kernels, exact ? 1 : 0, &view, text.lowerBound, Int32(text.count), scores.base, context.base)
    }

    /// Adds the product of attention's result to the hidden states.
    func addAttention(_ panel: Panel, _ linear: PackedLinear) {
        if case .fp32(let weights) = linear.weights {
            addExact(weights, linear, context.base + panel.start, stride, panel)
            return
        }
        withOperand(context.base + panel.start, stride, panel, linear) { x, layer, isHalf in
            gs_add(kernels, isHalf, x, layer, place(of: panel), panel.tokens)
        }
    }

    /// Adds the feed-forward part to the hidden states.
    func addFeedForward(_ panel: Panel, up: PackedLinear, down: PackedLinear) {
        if case .fp32(let upWeights) = up.weights, case .fp32(let downWeights) = down.weights {
            let raised = AlignedFloats(count: shape.inner * panel.tokens)
            BLAS.multiply(
                upWeights, m: up.outputs, k: up.inputs, place(of: panel), rowLength: panel.tokens, n: panel.tokens,
                into: raised.base, rowLength: panel.tokens)
            gs_exact_gelu(kernels, raised.base, up.bias, Int32(up.outputs), Int32(panel.tokens))
            addExact(downWeights, down, raised.base, panel.tokens, panel)
            return
        }
        withOperand(place(of: panel), panel.tokens, panel, up) { x, upLayer, isHalf in
            var y = gs_operand(
                tokens: Int32(panel.tokens), values: wide.base, unit: ranges.base + 2 * Int(GS_PANEL),
                shift: ranges.base + 3 * Int(GS_PANEL))
            gs_gelu_operand(kernels, isHalf, x, upLayer, middle.base, &y)
            down.withLayer { downLayer, isHalf in
                gs_add(kernels, isHalf, &y, downLayer, place(of: panel), panel.tokens)
            }
        }
    }

    private var planeView: gs_planes {
        gs_planes(width: width, heads: Int32(shape.heads), stride: stride, rows: planes.base)
    }

    /// Packs `[width][stride]` activations of a panel for a product.
    private func withOperand(
        _ rows: UnsafePointer<Float>, _ stride: Int, _ panel: Panel, _ linear: PackedLinear,
        _ body: (UnsafePointer<gs_operand>, UnsafePointer<gs_layer>, _ isHalf: Int32) -> Void
    ) {
        var x = gs_operand(
            tokens: Int32(panel.tokens), values: narrow.base, unit: ranges.base, shift: ranges.base + Int(GS_PANEL))
        linear.withLayer { layer, isHalf in
            if isHalf != 0 {
                gs_round(kernels, rows, stride, width, &x)
            } else {
                gs_quantise(kernels, rows, stride, width, &x)
            }
            body(&x, layer, isHalf)
        }
    }

    private func addExact(
        _ weights: [Float], _ linear: PackedLinear, _ x: UnsafePointer<Float>, _ rowLength: Int, _ panel: Panel
    ) {
        BLAS.multiply(
            weights, m: linear.outputs, k: linear.inputs, x, rowLength: rowLength, n: panel.tokens, into: middle.base,
            rowLength: panel.tokens)
        gs_add_biased(
            kernels, middle.base, linear.bias, Int32(linear.outputs), Int32(panel.tokens), place(of: panel))
    }
}
