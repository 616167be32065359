import Foundation
import Harness
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A real SMTP server that keeps the mails it gets: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA.
final class MailSink: Sendable {
    struct Mail: Sendable {
        var sender = ""
        var recipients: [String] = []
        var lines: [String] = []
        var wasEncrypted = false
        /// `user` and `password` as they were shown.
        var login: String?
    }

    /// How it speaks.
    struct Manners: Sendable {
        var offersTLS = true
        var wantsLogin: String?
        /// Its answer to a recipient.
        var recipientReply = "250 fine"
        /// Its answer to the data.
        var dataReply = "250 kept"
    }

    private let channel: any NIOCore.Channel
    private let box: Box

    var port: Int { channel.localAddress?.port ?? 0 }
    var mails: [Mail] { box.mails.withLock { $0 } }

    static func with(
        _ certificates: TestCertificates, _ manners: Manners = Manners(), _ body: (MailSink) async throws -> Void
    ) async throws {
        let sink = try await MailSink(certificates, manners)
        do {
            try await body(sink)
        } catch {
            try? await sink.channel.close()
            throw error
        }
        try await sink.channel.close()
    }

    private init(_ certificates: TestCertificates, _ manners: Manners) async throws {
        let box = Box()
        self.box = box
        let tls = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.key, format: .pem))))
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Conversation(box, manners, tls))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private final class Box: Sendable {
        let mails = Mutex<[Mail]>([])
    }

    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let box: Box
        private let manners: Manners
        private let tls: NIOSSLContext
        private var rest: [UInt8] = []
        private var mail = Mail()
        private var isEncrypted = false
        private var login: String?
        private var inData = false
        private var awaitsLogin = false

        init(_ box: Box, _ manners: Manners, _ tls: NIOSSLContext) {
            self.box = box
            self.manners = manners
            self.tls = tls
        }

        func channelActive(context: ChannelHandlerContext) { say("220 sink", context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            rest += Array(unwrapInboundIn(data).readableBytesView)
            while let end = rest.firstIndex(of: 0x0A) {
                var line = Array(rest[..<end])
                rest.removeFirst(end + 1)
                // A line that ends with a bare line feed is one that a careful server refuses.
                guard line.last == 0x0D else { return say("500 a bare line feed", context) }
                line.removeLast()
                take(String(decoding: line, as: UTF8.self), context)
            }
        }

        private func take(_ line: String, _ context: ChannelHandlerContext) {
            guard !inData else {
                guard line == "." else {
                    mail.lines.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
                    return
                }
                inData = false
                if manners.dataReply.hasPrefix("2") { box.mails.withLock { [mail] in $0.append(mail) } }
                return say(manners.dataReply, context)
            }
            if awaitsLogin {
                awaitsLogin = false
                return check(line, context)
            }
            let word = line.prefix { $0 != " " && $0 != ":" }.uppercased()
            switch word {
            case "EHLO":
                let tls = manners.offersTLS && !isEncrypted ? ["250-STARTTLS"] : []
                let auth = manners.wantsLogin == nil ? [] : ["250-AUTH PLAIN"]
                say((["250-sink"] + tls + auth + ["250 8BITMIME"]).joined(separator: "\r\n"), context)
            case "STARTTLS":
                say("220 go on", context)
                isEncrypted = true
                rest = []
                try? context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
            case "AUTH":
                awaitsLogin = true
                say("334 ", context)
            case "MAIL":
                guard manners.wantsLogin == nil || login == manners.wantsLogin else {
                    return say("530 log in first", context)
                }
                mail = Mail(sender: line, wasEncrypted: isEncrypted, login: login)
                say("250 fine", context)
            case "RCPT":
                if manners.recipientReply.hasPrefix("2") { mail.recipients.append(line) }
                say(manners.recipientReply, context)
            case "DATA":
                inData = true
                say("354 go on", context)
            case "QUIT":
                say("221 bye", context)
                context.close(promise: nil)
            default: say("250 fine", context)
            }
        }

        private func check(_ shown: String, _ context: ChannelHandlerContext) {
            let text = String(decoding: Data(base64Encoded: shown) ?? Data(), as: UTF8.self)
            login = text.split(separator: "\0").joined(separator: " ")
            say(login == manners.wantsLogin ? "235 welcome" : "535 who are you", context)
        }

        private func say(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
        }
    }
}
