// Loaded before a server (LD_PRELOAD), stands between SQLite and the disk: fails, tears, delays or kills at a chosen
// call, and writes down what was written and forced to the disk. scripts/faulty.py compiles it and steers it.
//
//   FAULTS_DATABASE   path of the database; its -wal and -journal are meant too
//   FAULTS_CONTROL    file with a struct control, which the script maps and changes while the server runs
//   FAULTS_TRACE      file to which records are appended; none where it is not set

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum operation { READ, WRITE, SYNC, TRUNCATE, OPEN, OPERATIONS };
enum action { NOTHING, FAIL, TEAR, KILL_BEFORE, KILL_WITHIN, KILL_AFTER };

// As scripts/faulty.py packs it.
struct control {
  uint32_t action;
  uint32_t operations;              // a bit for each kind of call that the action is for
  int32_t error;                    // errno of those that fail
  uint32_t delay_ms;                // before each sync
  int64_t skip;                     // calls to let pass first
  int64_t times;                    // calls to act on; below 0 for all
  uint32_t files;                   // a bit for each file that is meant: database, -wal, -journal, the folder
  uint32_t reserved;
  int64_t counts[OPERATIONS];       // calls of each kind so far
  int64_t acted;                    // how often the action was taken
};

// What a record of the trace begins with; the bytes of a write follow.
struct record {
  uint8_t kind;                     // 'W' write, 'T' truncate, 'S' sync, 'U' unlink
  uint8_t file;                     // its index in paths
  uint16_t reserved;
  uint32_t length;
  int64_t offset;
};

#define DESCRIPTORS 65536
#define FILES 4
#define FOLDER 3                    // the folder that they are in: a sync of it makes deletions last
static const char *const suffixes[FOLDER] = {"", "-wal", "-journal"};

static char paths[FILES][4096];
static unsigned char file_of[DESCRIPTORS];  // 0 for none, else one more than the index in paths
static struct control none, *control = &none;
static int trace = -1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static __typeof__(&open64) real_open;
static __typeof__(&close) real_close;
static __typeof__(&pread64) real_pread;
static __typeof__(&pwrite64) real_pwrite;
static __typeof__(&write) real_write;
static __typeof__(&fsync) real_fsync;
static __typeof__(&fdatasync) real_fdatasync;
static __typeof__(&ftruncate64) real_ftruncate;
static __typeof__(&unlink) real_unlink;

// Other libraries may call before the constructor has run.
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void begin(void);
__attribute__((constructor)) static void ready(void) { pthread_once(&once, begin); }

static void begin(void) {
  real_open = REAL(open64), real_close = REAL(close), real_pread = REAL(pread64), real_pwrite = REAL(pwrite64);
  real_write = REAL(write), real_fsync = REAL(fsync), real_fdatasync = REAL(fdatasync);
  real_ftruncate = REAL(ftruncate64), real_unlink = REAL(unlink);
  const char *database = getenv("FAULTS_DATABASE"), *steered = getenv("FAULTS_CONTROL"), *traced = getenv("FAULTS_TRACE");
  if (database) {
    if (*database != '/' || strlen(database) + 10 > sizeof paths[0]) abort();
    for (int file = 0; file < FOLDER; file++) strcat(strcpy(paths[file], database), suffixes[file]);
    strcpy(paths[FOLDER], database);
    *strrchr(paths[FOLDER], '/') = 0;
  }
  if (steered) {
    int descriptor = real_open(steered, O_RDWR | O_CLOEXEC);
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) abort();
    control = mapped;
    real_close(descriptor);
  }
  if (traced) trace = real_open(traced, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int file_at(const char *path) {
  for (int file = 0; file < FILES; file++)
    if (*paths[file] && !strcmp(path, paths[file])) return file + 1;
  return 0;
}

static int file_behind(int descriptor) { return descriptor >= 0 && descriptor < DESCRIPTORS ? file_of[descriptor] : 0; }

static void note(uint8_t kind, int file, int64_t offset, const void *bytes, size_t length) {
  if (trace < 0) return;
  struct record head = {kind, (uint8_t)(file - 1), 0, (uint32_t)length, offset};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)bytes, bytes ? length : 0}};
  if (writev(trace, parts, 2) < 0) abort();
}

// What is to be done at this call. Kills at once where nothing of it is to happen.
static enum action action_at(enum operation operation, int file) {
  __atomic_add_fetch(&control->counts[operation], 1, __ATOMIC_SEQ_CST);
  enum action action = control->action;
  if (action == NOTHING || !(control->operations & 1u << operation) || !(control->files & 1u << (file - 1))) return NOTHING;
  if (__atomic_sub_fetch(&control->skip, 1, __ATOMIC_SEQ_CST) >= 0) return NOTHING;
  if (control->times >= 0 && __atomic_sub_fetch(&control->times, 1, __ATOMIC_SEQ_CST) < 0) return NOTHING;
  __atomic_add_fetch(&control->acted, 1, __ATOMIC_SEQ_CST);
  if (action == KILL_BEFORE) kill(getpid(), SIGKILL);
  return action;
}

static void end_if(int now) {
  if (now) kill(getpid(), SIGKILL);
}

static int opened(const char *path, int flags, mode_t mode) {
  int file = file_at(path);
  if (file && action_at(OPEN, file) == FAIL) {
    errno = control->error;
    return -1;
  }
  int descriptor = real_open(path, flags, mode);
  if (descriptor >= 0 && descriptor < DESCRIPTORS) file_of[descriptor] = (unsigned char)file;
  return descriptor;
}

#define MODE(flags)                            \
  mode_t mode = 0;                             \
  if ((flags) & O_CREAT) {                     \
    va_list rest;                              \
    va_start(rest, flags);                     \
    mode = va_arg(rest, mode_t);               \
    va_end(rest);                              \
  }

int open(const char *path, int flags, ...) {
  ready();
  MODE(flags)
  return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  ready();
  MODE(flags)
  return opened(path, flags | O_LARGEFILE, mode);
}

int close(int descriptor) {
  ready();
  if (file_behind(descriptor)) file_of[descriptor] = 0;
  return real_close(descriptor);
}

static ssize_t written(int descriptor, const void *bytes, size_t length, off64_t offset) {
  int file = file_behind(descriptor);
  pthread_mutex_lock(&order);
  enum action action = action_at(WRITE, file);
  size_t part = action == FAIL ? 0 : action == TEAR || action == KILL_WITHIN ? length / 2 : length;
  ssize_t done = part ? real_pwrite(descriptor, bytes, part, offset) : 0;
  if (done > 0) note('W', file, offset, bytes, (size_t)done);
  end_if(action == KILL_WITHIN || action == KILL_AFTER);
  pthread_mutex_unlock(&order);
  if (action == FAIL || action == TEAR) {
    errno = control->error;
    return -1;
  }
  return done;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
  ready();
  return file_behind(descriptor) ? written(descriptor, bytes, length, offset) : real_pwrite(descriptor, bytes, length, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return pwrite64(descriptor, bytes, length, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  ready();
  if (!file_behind(descriptor)) return real_write(descriptor, bytes, length);
  off64_t offset = lseek64(descriptor, 0, SEEK_CUR);
  ssize_t done = written(descriptor, bytes, length, offset);
  if (done > 0) lseek64(descriptor, offset + done, SEEK_SET);
  return done;
}

ssize_t pread64(int descriptor, void *bytes, size_t length, off64_t offset) {
  ready();
  int file = file_behind(descriptor);
  if (file && action_at(READ, file) == FAIL) {
    errno = control->error;
    return -1;
  }
  return real_pread(descriptor, bytes, length, offset);
}

ssize_t pread(int descriptor, void *bytes, size_t length, off_t offset) {
  return pread64(descriptor, bytes, length, offset);
}

static int synced(int descriptor, int (*synchronize)(int)) {
  int file = file_behind(descriptor);
  if (!file) return synchronize(descriptor);
  uint32_t delay = control->delay_ms;
  if (delay) nanosleep(&(struct timespec){delay / 1000, delay % 1000 * 1000000L}, NULL);
  pthread_mutex_lock(&order);
  enum action action = action_at(SYNC, file);
  int failed = action == FAIL || action == TEAR;
  int result = failed ? -1 : synchronize(descriptor);
  if (result == 0) note('S', file, 0, NULL, 0);
  end_if(action == KILL_WITHIN || action == KILL_AFTER);
  pthread_mutex_unlock(&order);
  if (failed) errno = control->error;
  return result;
}

int fsync(int descriptor) {
  ready();
  return synced(descriptor, real_fsync);
}

int fdatasync(int descriptor) {
  ready();
  return synced(descriptor, real_fdatasync);
}

int ftruncate64(int descriptor, off64_t length) {
  ready();
  int file = file_behind(descriptor);
  if (!file) return real_ftruncate(descriptor, length);
  pthread_mutex_lock(&order);
  enum action action = action_at(TRUNCATE, file);
  int failed = action == FAIL || action == TEAR;
  int result = failed ? -1 : real_ftruncate(descriptor, length);
  if (result == 0) note('T', file, length, NULL, 0);
  end_if(action == KILL_WITHIN || action == KILL_AFTER);
  pthread_mutex_unlock(&order);
  if (failed) errno = control->error;
  return result;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int unlink(const char *path) {
  ready();
  int file = file_at(path);
  if (!file) return real_unlink(path);
  pthread_mutex_lock(&order);
  int result = real_unlink(path);
  if (result == 0) note('U', file, 0, NULL, 0);
  pthread_mutex_unlock(&order);
  return result;
}
