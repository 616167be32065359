import Testing

@testable import Redis

@Suite struct RedisURLTests {
    @Test(arguments: [
        ("redis://localhost", RedisURL(endpoint: .tcp(host: "localhost", port: 6379))),
        ("redis://localhost/", RedisURL(endpoint: .tcp(host: "localhost", port: 6379))),
        ("REDIS://10.0.0.1:7000/3", RedisURL(endpoint: .tcp(host: "10.0.0.1", port: 7000), database: 3)),
        ("redis://[::1]:7000", RedisURL(endpoint: .tcp(host: "::1", port: 7000))),
        ("redis://[fe80::2]", RedisURL(endpoint: .tcp(host: "fe80::2", port: 6379))),
        ("redis://:secret@host", RedisURL(endpoint: .tcp(host: "host", port: 6379), password: "secret")),
        (
            "redis://ann:a%40b%3A@host:1/0",
            RedisURL(endpoint: .tcp(host: "host", port: 1), user: "ann", password: "a@b:")
        ),
        ("redis://ann:a@b@host", RedisURL(endpoint: .tcp(host: "host", port: 6379), user: "ann", password: "a@b")),
        ("rediss://host:6380", RedisURL(endpoint: .tcp(host: "host", port: 6380), tls: .init())),
        (
            "rediss://host?ca=/c/ca.pem&cert=/c/me.pem&key=/c/me%20too.key",
            RedisURL(
                endpoint: .tcp(host: "host", port: 6379),
                tls: .init(
                    authorityFile: "/c/ca.pem", certificateFile: "/c/me.pem", keyFile: "/c/me too.key"))
        ),
        (
            "redis://ann:pw@one:7000,[::1]:7001,three/?cluster=true",
            RedisURL(
                endpoint: .tcp(host: "one", port: 7000),
                seeds: [
                    .tcp(host: "one", port: 7000), .tcp(host: "::1", port: 7001), .tcp(host: "three", port: 6379),
                ], user: "ann", password: "pw")
        ),
        (
            "rediss://one?cluster=true",
            RedisURL(
                endpoint: .tcp(host: "one", port: 6379), seeds: [.tcp(host: "one", port: 6379)], tls: .init())
        ),
        ("redis://one?cluster=false", RedisURL(endpoint: .tcp(host: "one", port: 6379))),
        ("unix:/run/redis.sock", RedisURL(endpoint: .unix(path: "/run/redis.sock"))),
        ("unix:///run/redis.sock?db=2", RedisURL(endpoint: .unix(path: "/run/redis.sock"), database: 2)),
        (
            "unix:/r.sock?user=ann&password=p%26q",
            RedisURL(endpoint: .unix(path: "/r.sock"), user: "ann", password: "p&q")
        ),
        (
            "redis+unix://:secret@/tmp/a%20b/redis.sock",
            RedisURL(endpoint: .unix(path: "/tmp/a b/redis.sock"), password: "secret")
        ),
    ])
    func everyFormIsRead(text: String, expected: RedisURL) throws {
        #expect(try RedisURL(text) == expected)
    }

    @Test(arguments: [
        "", "localhost", "http://localhost", "redis:localhost", "redis://", "redis://:6379", "redis://host:0",
        "redis://host:65536", "redis://host:port", "redis://host/first", "redis://host/-1", "redis://[::1",
        "redis://[::1]x", "unix:redis.sock", "redis+unix:/run/redis.sock", "redis+unix://host/run/redis.sock",
        "redis://host?ca=/ca.pem", "rediss://host?cert=/me.pem", "rediss://host?colour=red", "rediss://host?ca",
        "redis://a%zz@host", "redis://a%4@host",
        "redis://one,two", "redis://one,/?cluster=true", "redis://one/1?cluster=true", "redis://one?cluster=yes",
        "unix:/run/redis.sock?cluster=true",
    ])
    func nonsenseIsRefusedWithAReason(text: String) {
        #expect {
            try RedisURL(text)
        } throws: { error in
            guard case .invalidURL(let reason)? = error as? RedisError else { return false }
            return reason.count > 10
        }
    }

    @Test(arguments: [
        "redis://ann:hunter2@host:1/0", "redis://:hunter2@host", "rediss://ann:hunter2@[::1]:5",
        "unix:/s?password=hunter2",
        "redis+unix://:hunter2@/s",
    ])
    func thePasswordIsNeverShown(text: String) throws {
        let url = try RedisURL(text)
        var dumped = ""
        dump(url, to: &dumped)
        for shown in [
            "\(url)", String(reflecting: url), dumped, "\([url])", "\(RedisError.connection("\(url): refused"))",
        ] {
            #expect(!shown.contains("hunter2"))
            #expect(shown.contains("***"))
        }
    }

    @Test(arguments: ["redis://ann:hunter2@host:x", "redis://ann:hunter2%zz@host", "redis://ann:hunter2@host/x"])
    func anErrorNeverRepeatsThePassword(text: String) {
        #expect {
            try RedisURL(text)
        } throws: { error in
            !"\(error)".contains("hunter2")
        }
    }

    @Test(arguments: [
        "redis://ann@host:1/4", "rediss://[::1]:5/0", "redis+unix:///run/redis.sock?db=2",
        "redis://one:1,[::2]:2/?cluster=true",
    ])
    func aDescriptionWithoutPasswordCanBeReadAgain(text: String) throws {
        #expect(try "\(RedisURL(text))" == text)
    }
}
