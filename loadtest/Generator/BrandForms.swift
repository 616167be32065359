/// The ways in which a post may write a brand's name.
struct BrandForms: Sendable {
    let plain: [UInt8]
    let lower: [UInt8]
    let upper: [UInt8]
    let handle: [UInt8]
    let products: [[UInt8]]

    init(_ brand: Scenario.Brand) {
        plain = Array(brand.name.utf8)
        lower = Array(brand.name.lowercased().utf8)
        upper = Array(brand.name.uppercased().utf8)
        handle = Array(brand.handle.utf8)
        products = brand.products.map { Array($0.utf8) }
    }
}
