import Glibc

/// What glibc adds to `posix_spawn`, found by name: Swift sees the C library without its GNU extensions.
enum SpawnExtensions {
    private typealias CloseFrom =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    private typealias ChangeFolder =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32

    /// `POSIX_SPAWN_SETSID` of `<spawn.h>`, glibc 2.26 and later.
    static let newSession: Int32 = 0x80

    private static let closeFrom = find("posix_spawn_file_actions_addclosefrom_np", as: CloseFrom.self)
    private static let changeFolder = find("posix_spawn_file_actions_addchdir_np", as: ChangeFolder.self)

    /// Has the child close all descriptors from 3 on and begin in `folder`.
    ///
    /// False with a C library before glibc 2.34.
    static func isolate(_ actions: inout posix_spawn_file_actions_t, folder: String) -> Bool {
        guard let closeFrom, let changeFolder else { return false }
        return closeFrom(&actions, 3) == 0 && changeFolder(&actions, folder) == 0
    }

    private static func find<Function>(_ name: String, as type: Function.Type) -> Function? {
        // A null handle is RTLD_DEFAULT: the libraries of this process, in their order.
        guard let address = dlsym(nil, name) else { return nil }
        return unsafeBitCast(address, to: type)
    }
}
