/// Disturbs the lines between processes and servers.
struct NetworkLane: Sendable {
    let cluster: ChaosCluster
    let clock: ChaosClock
    let record: ChaosRecord

    func run(_ steps: [ChaosPlan.Step]) async throws {
        for step in steps {
            guard try await clock.comes(step), case .disturb(let line, let server, let member, let time) = step.fault
            else { continue }
            record.count(step.fault)
            let proxies = cluster.proxies(to: server, of: member)
            for proxy in proxies {
                switch line {
                case .delay(let delay): proxy.set(.delay(delay))
                case .cut: proxy.cutAll()
                case .halfClose: proxy.halfCloseAll()
                case .loseServers: proxy.loseServers()
                case .loseClients: proxy.loseClients()
                case .freeze: proxy.set(.freeze)
                }
            }
            try await Task.sleep(for: time)
            for proxy in proxies { proxy.heal() }
        }
    }
}
