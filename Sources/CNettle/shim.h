/* What is used of nettle. */
#include <nettle/sha2.h>
