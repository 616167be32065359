#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension HyperLogLog {
    /// The estimated number of distinct hashes, exact up to `explicitLimit`: the value of SQL's `hll_cardinality`.
    package var cardinality: Double {
        switch storage {
        case .explicit(let hashes): Double(hashes.count)
        case .registers(let registers): Self.estimate(registers)
        }
    }

    /// The formula of the extension, term by term, so that the bits agree.
    ///
    /// The sum of powers of two is exact in a double, hence its order does not matter.
    private static func estimate(_ registers: [UInt8]) -> Double {
        var sum = 0.0
        var zeros = 0
        for register in registers {
            sum += 1 / Double(1 << UInt64(register))
            if register == 0 { zeros += 1 }
        }
        let count = Double(registerCount)
        let estimate = (0.7213 / (1 + 1.079 / count)) * count * count / sum
        if zeros != 0, estimate < 5 * count / 2 {
            return count * log(count / Double(zeros))
        }
        // Above one thirtieth of the hash space, collisions are corrected for.
        let space = Double(1 << (Int(largestRegister) - 1 + log2m))
        return estimate <= space / 30 ? estimate : -space * log(1 - estimate / space)
    }
}
