import Anomalies
import Domain
import Testing

@Suite struct AlertMessageTests {
    @Test func aMessageIsReadAsItWasWritten() throws {
        let message = alert()
        let json = try message.json()
        #expect(try AlertMessage(json: json) == message)
        #expect(try message.json() == json, "the same bytes each time")
        #expect(message.returnDays.isFinite, "JSON has no word for infinity")
    }

    @Test func itsKeysAreTheColumnsOfTheView() throws {
        let text = String(decoding: try alert().json(), as: UTF8.self)
        for part in [
            #""anomaly":7"#, #""window_seconds":300"#, #""started_at":"2026-11-23T08:00:00Z""#, #""event":"opened""#,
            #""created_at":"2026-11-23T08:01:02.345Z""#, #""key":"7-1795422901500-2-opened""#, #""budget_days":3.5"#,
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(!text.contains("platform"), "null for all together, so left out")
    }

    @Test func timesMayBeWrittenAsPostgreSQLDoes() throws {
        let text = String(decoding: try alert().json(), as: UTF8.self)
        let other = text.replacing("2026-11-23T08:00:00Z", with: "2026-11-23T09:00:00.000123+01:00")
        #expect(try AlertMessage(json: Array(other.utf8)).startedAt == at("2026-11-23T08:00:00Z"))
    }
}

@Suite struct AlertRuleTests {
    private let now = at("2026-11-23T08:40:00Z")

    @Test func withoutRulesEverythingIsToldAtOnce() {
        for event in AlertMessage.Event.allCases { #expect(AlertRules().decide(alert(event), at: now) == .now) }
    }

    @Test func smallOnesAreNotTold() {
        let rules = AlertRules(minPosts: 101)
        #expect(rules.decide(alert(), at: now) == .not("it has 100 posts, fewer than 101"))
        #expect(rules.decide(alert(posts: 101), at: now) == .now)
    }

    @Test(arguments: zip([AlertRules.Only.all, .negative, .crisis], [3, 2, 1]))
    func onlyTheWantedKindsAreTold(only: AlertRules.Only, kinds: Int) {
        let rules = AlertRules(only: only)
        let told = AlertMessage.Kind.allCases.filter { rules.decide(alert(kind: $0), at: now) == .now }
        #expect(told.count == kinds && told.contains(.crisis))
    }

    @Test func onlyTheWantedEventsAreTold() {
        let rules = AlertRules(events: [.opened, .closed])
        #expect(rules.decide(alert(.opened), at: now) == .now)
        #expect(rules.decide(alert(.growing), at: now) == .not("growing is not among the events"))
    }

    @Test func whatIsLongOverIsNotTold() {
        let rules = AlertRules(maxAge: .seconds(3600))
        #expect(rules.decide(alert(), at: at("2026-11-23T09:30:00Z")) == .now)
        #expect(rules.decide(alert(), at: at("2026-11-23T09:30:01Z")) != .now)
        // That it is over cannot be known before three quiet hours, or days where windows are days.
        #expect(rules.decide(alert(.closed), at: at("2026-11-23T12:30:00Z")) == .now)
        #expect(rules.decide(alert(.closed), at: at("2026-11-23T12:30:01Z")) != .now)
        #expect(rules.decide(alert(.closed, window: 86_400), at: at("2026-11-26T09:30:00Z")) == .now)
    }

    @Test func whoeverWasToldHearsHowItGoesOn() {
        let rules = AlertRules(minPosts: 1000, only: .crisis, maxAge: .seconds(1))
        let late = at("2026-12-01T00:00:00Z")
        #expect(rules.decide(alert(.withdrawn, kind: .mood, posts: 0), at: late, wasTold: true) == .now)
        #expect(AlertRules().decide(alert(.withdrawn), at: now, wasTold: false) == .not("nobody was told of it"))
        #expect(AlertRules().decide(alert(.withdrawn), at: now) == .now)
    }

    @Test func quietHoursPutItOff() throws {
        let rules = AlertRules(quietHours: try QuietHours(from: "09:00", to: "10:00", zone: "Europe/Berlin"))
        #expect(rules.decide(alert(), at: at("2026-11-23T08:40:00Z")) == .after(at("2026-11-23T09:00:00Z")))
        #expect(rules.decide(alert(), at: at("2026-11-23T09:00:00Z")) == .now)
    }
}

@Suite struct QuietHoursTests {
    @Test func theyMayGoOverMidnight() throws {
        let hours = try QuietHours(from: "22:00", to: "07:00", zone: "UTC")
        #expect(hours.end(of: at("2026-11-23T21:59:59Z")) == nil)
        #expect(hours.end(of: at("2026-11-23T22:00:00Z")) == at("2026-11-24T07:00:00Z"))
        #expect(hours.end(of: at("2026-11-24T03:00:00Z")) == at("2026-11-24T07:00:00Z"))
        #expect(hours.end(of: at("2026-11-24T07:00:00Z")) == nil)
    }

    @Test func theyFollowTheClocksOfThePlace() throws {
        let hours = try QuietHours(from: "22:00", to: "07:00", zone: "Europe/Berlin")
        #expect(hours.end(of: at("2026-07-01T20:00:00Z")) == at("2026-07-02T05:00:00Z"), "summer")
        #expect(hours.end(of: at("2026-12-01T21:00:00Z")) == at("2026-12-02T06:00:00Z"), "winter")
        #expect(hours.end(of: at("2026-12-01T20:59:59Z")) == nil)
        // The night in which clocks are put forward has eight of these nine hours, the one back ten.
        #expect(hours.end(of: at("2026-03-28T21:00:00Z")) == at("2026-03-29T05:00:00Z"))
        #expect(hours.end(of: at("2026-10-24T20:00:00Z")) == at("2026-10-25T06:00:00Z"))
        let west = try QuietHours(from: "20:00", to: "23:59", zone: "America/Los_Angeles")
        #expect(west.end(of: at("2026-11-24T05:00:00Z")) == at("2026-11-24T07:59:00Z"), "the day before, there")
    }

    @Test func timesThatComeTwiceOrNeverHaveAnEndToo() throws {
        // 02:30 comes twice on 25 October 2026 in Berlin, and not at all on 29 March.
        let until = try QuietHours(from: "01:00", to: "02:30", zone: "Europe/Berlin")
        #expect(until.end(of: at("2026-10-25T00:40:00Z")) == at("2026-10-25T01:30:00Z"))
        #expect(until.end(of: at("2026-03-29T00:30:00Z")) == at("2026-03-29T01:30:00Z"))
        let from = try QuietHours(from: "02:30", to: "05:00", zone: "Europe/Berlin")
        #expect(from.end(of: at("2026-10-25T00:30:00Z")) == at("2026-10-25T04:00:00Z"))
    }

    @Test func quietDaysInARowEndTogether() throws {
        let weekend = try QuietHours(from: "00:00", to: "24:00", zone: "UTC", days: ["Sat", "sun"])
        #expect(weekend.end(of: at("2026-11-20T23:59:59Z")) == nil, "a Friday")
        #expect(weekend.end(of: at("2026-11-21T12:00:00Z")) == at("2026-11-23T00:00:00Z"))
        let nights = try QuietHours(from: "18:00", to: "08:00", zone: "UTC", days: ["fri"])
        #expect(nights.end(of: at("2026-11-21T07:00:00Z")) == at("2026-11-21T08:00:00Z"), "they began on Friday")
        #expect(nights.end(of: at("2026-11-21T19:00:00Z")) == nil)
    }

    @Test(arguments: [
        ("25:00", "07:00", "UTC", ""), ("22:00", "7", "UTC", ""), ("22:00", "22:00", "UTC", ""),
        ("22:00", "07:00", "Europe/Atlantis", ""), ("22:00", "07:00", "UTC", "freitag"), ("00:00", "24:00", "UTC", ""),
        ("24:00", "07:00", "UTC", ""), ("-1:00", "07:00", "UTC", ""), ("22:60", "07:00", "UTC", ""),
    ])
    func whatIsNoTimeIsRefused(from: String, to: String, zone: String, day: String) {
        #expect(throws: QuietHours.Problem.self) {
            try QuietHours(from: from, to: to, zone: zone, days: day.isEmpty ? [] : [day])
        }
    }
}
