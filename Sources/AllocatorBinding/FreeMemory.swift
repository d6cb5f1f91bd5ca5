import CAllocator

/// Memory that the process has freed and the allocator keeps.
package enum FreeMemory {
    /// Returns whole free pages of all threads to the kernel (malloc_trim(3)). glibc keeps them otherwise, so that a daemon
    /// would forever have the size of its largest moment. It takes milliseconds; call it after work that frees much.
    package static func release() {
        malloc_trim(0)
    }
}
