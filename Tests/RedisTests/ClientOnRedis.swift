import Testing

/// All tests with a real server, one after the other: on few cores they would spoil each other's times.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ClientOnRedis {}
