internal import CKernels

/// A ``Linear`` layer with its weights in the order that the kernels read them; made once, shared by all threads.
struct PackedLinear: Sendable {
    enum Weights: Sendable {
        /// With the unit of each output's weights and their sum.
        case int8([Int8], unit: [Float], sum: [Float])
        case bf16([UInt16])
        case fp32([Float])
    }

    let inputs: Int
    let outputs: Int
    let weights: Weights
    let bias: [Float]

    init(_ linear: Linear, precision: Precision) {
        inputs = linear.weight.columns
        outputs = linear.weight.rows
        precondition(inputs % 4 == 0 && outputs % Int(GS_TILE) == 0, "a product of \(inputs) to \(outputs)")
        bias = linear.bias
        let values = linear.weight.values
        switch precision {
        case .int8:
            var packed = [Int8](repeating: 0, count: values.count)
            var unit = [Float](repeating: 0, count: outputs)
            var sum = unit
            gs_pack_int8(values, Int32(inputs), Int32(outputs), &packed, &unit, &sum)
            weights = .int8(packed, unit: unit, sum: sum)
        case .bf16:
            var packed = [UInt16](repeating: 0, count: values.count)
            gs_pack_bf16(values, Int32(inputs), Int32(outputs), &packed)
            weights = .bf16(packed)
        case .fp32:
            weights = .fp32(values)
        }
    }

    /// The layer as the kernels of int8 and bf16 take it.
    func withLayer(_ body: (UnsafePointer<gs_layer>, _ isHalf: Int32) -> Void) {
        func call(_ weights: UnsafeRawPointer?, _ unit: [Float], _ sum: [Float], isHalf: Int32) {
            unit.withUnsafeBufferPointer { unit in
                sum.withUnsafeBufferPointer { sum in
                    bias.withUnsafeBufferPointer { bias in
                        var layer = gs_layer(
                            inputs: Int32(inputs), outputs: Int32(outputs), weights: weights, unit: unit.baseAddress,
                            sum: sum.baseAddress, bias: bias.baseAddress)
                        body(&layer, isHalf)
                    }
                }
            }
        }
        switch weights {
        case .int8(let packed, let unit, let sum):
            packed.withUnsafeBytes { call($0.baseAddress, unit, sum, isHalf: 0) }
        case .bf16(let packed):
            packed.withUnsafeBytes { call($0.baseAddress, [], [], isHalf: 1) }
        case .fp32:
            preconditionFailure("weights in fp32 go through BLAS")
        }
    }
}
