//! A disk that fails on request. The tests load it into the real binary (`LD_PRELOAD`): it takes the places of the C
//! functions that change files, and passes everything on to the system but what goes wrong in the folder that
//! `FAULTY_DISK` names. What goes wrong is read from beside that folder at each call ([`fault`]); what would be lost if
//! the power failed now is written there ([`undo`]). `tests/src/faulty_disk.rs` is the other end of both.
//!
//! It knows contents and sizes of files. Names are taken to be on disk at once.

#![expect(unsafe_code, reason = "it takes the places of functions of C")]

mod fault;
mod undo;
mod watched;

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::{Mutex, PoisonError};

use errno::{Errno, set_errno};
use rustix::fd::{BorrowedFd, IntoRawFd};
use rustix::fs::{self, CWD, Mode, OFlags, SeekFrom};
use rustix::io;

use fault::Fault;
use watched::Watched;

/// One call at a time: the order of writes and syncs is the order of the undo log.
static ORDER: Mutex<()> = Mutex::new(());

/// The answer of a C function.
fn answer<T>(result: io::Result<T>, of: impl FnOnce(T) -> isize) -> isize {
    match result {
        Ok(value) => of(value),
        Err(error) => {
            set_errno(Errno(error.raw_os_error()));
            -1
        }
    }
}

/// Opens a file, unless it is to be written and the disk is read-only.
///
/// # Safety
/// As `openat(2)`.
unsafe fn open_in(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    // SAFETY: as the caller promises.
    let (folder, path) =
        unsafe { (if folder < 0 { CWD } else { BorrowedFd::borrow_raw(folder) }, CStr::from_ptr(path)) };
    let flags = OFlags::from_bits_retain(flags.cast_unsigned());
    let changes = flags.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::CREATE | OFlags::TRUNC);
    let refused = changes && watched::names(path) && Fault::now().is(Fault::ReadOnly, path.to_bytes());
    let opened = if refused {
        Err(io::Errno::ROFS)
    } else {
        fs::openat(folder, path, flags, Mode::from_raw_mode(mode)).map(IntoRawFd::into_raw_fd)
    };
    answer(opened, |fd| fd as isize) as c_int
}

/// Writes at a place of a file, or at its cursor.
///
/// # Safety
/// As `pwrite(2)`.
unsafe fn write_at(fd: c_int, data: *const c_void, size: usize, at: Option<i64>) -> isize {
    // SAFETY: as the caller promises.
    let (fd, data) = unsafe { (BorrowedFd::borrow_raw(fd), std::slice::from_raw_parts(data.cast(), size)) };
    let pass_on = || match at {
        Some(at) => io::pwrite(fd, data, at.cast_unsigned()),
        None => io::write(fd, data),
    };
    let written = match Watched::of(fd) {
        None => pass_on(),
        Some(file) => {
            let _order = ORDER.lock().unwrap_or_else(PoisonError::into_inner);
            let place = at.map_or_else(|| fs::seek(fd, SeekFrom::Current(0)), |at| Ok(at.cast_unsigned()));
            place.and_then(|place| {
                file.may_grow_to(place + size as u64)?;
                undo::before(fd, &file, place, size as u64)?;
                pass_on()
            })
        }
    };
    answer(written, |written| written.cast_signed())
}

/// Changes the size of a file.
///
/// # Safety
/// As `ftruncate(2)`.
unsafe fn set_size(fd: c_int, size: i64) -> c_int {
    // SAFETY: as the caller promises.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    let pass_on = || fs::ftruncate(fd, size.cast_unsigned());
    let done = match Watched::of(fd) {
        None => pass_on(),
        Some(file) => {
            let _order = ORDER.lock().unwrap_or_else(PoisonError::into_inner);
            let size = size.cast_unsigned();
            file.may_grow_to(size)
                .and_then(|()| undo::before(fd, &file, size, file.size.saturating_sub(size)))
                .and_then(|()| pass_on())
        }
    };
    answer(done, |()| 0) as c_int
}

/// Syncs a file.
///
/// # Safety
/// As `fsync(2)`.
unsafe fn sync(fd: c_int) -> c_int {
    // SAFETY: as the caller promises.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    let done = match Watched::of(fd) {
        None => fs::fsync(fd),
        Some(file) => {
            let _order = ORDER.lock().unwrap_or_else(PoisonError::into_inner);
            undo::synced(&file)
        }
    };
    answer(done, |()| 0) as c_int
}

/// Defines a C function by its name, which passes its arguments on.
macro_rules! replace {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty = $call:expr;)*) => {$(
        #[doc = concat!("Takes the place of `", stringify!($name), "`.")]
        ///
        /// # Safety
        /// As that function.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $kind),*) -> $answer {
            // SAFETY: as the caller promises.
            unsafe { $call }
        }
    )*};
}

// `open` takes any number of arguments in C; a mode that was not given is not looked at.
replace! {
    open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int = open_in(-1, path, flags, mode);
    open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int = open_in(-1, path, flags, mode);
    openat(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int =
        open_in(folder, path, flags, mode);
    openat64(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int =
        open_in(folder, path, flags, mode);
    write(fd: c_int, data: *const c_void, size: usize) -> isize = write_at(fd, data, size, None);
    pwrite(fd: c_int, data: *const c_void, size: usize, at: i64) -> isize = write_at(fd, data, size, Some(at));
    pwrite64(fd: c_int, data: *const c_void, size: usize, at: i64) -> isize = write_at(fd, data, size, Some(at));
    ftruncate(fd: c_int, size: i64) -> c_int = set_size(fd, size);
    ftruncate64(fd: c_int, size: i64) -> c_int = set_size(fd, size);
    fsync(fd: c_int) -> c_int = sync(fd);
    fdatasync(fd: c_int) -> c_int = sync(fd);
}
