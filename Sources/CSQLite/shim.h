/* sqlite3_config takes its values one way or another, which Swift cannot call. */
#ifndef ROSTRUM_CSQLITE_SHIM_H
#define ROSTRUM_CSQLITE_SHIM_H
#include <sqlite3.h>
static inline int rostrum_sqlite_count_memory(int counts) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, counts);
}
#endif
