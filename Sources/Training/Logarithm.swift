import Foundation

/// The C library's logarithm and its kin in one place: training and evaluation need them, scoring does not.
enum Logarithm {
    static func natural(_ x: Double) -> Double { log(x) }

    static func exponential(_ x: Double) -> Double { exp(x) }

    static func power(_ base: Float, _ exponent: Float) -> Float { pow(base, exponent) }
}
