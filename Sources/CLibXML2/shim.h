/* libxml2 as Swift sees it. Debian builds libxml2 with ICU, whose headers clash with Foundation's,
   so the feature is hidden from the compiler before the other headers are read. */
#ifndef ROSTRUM_CLIBXML2_SHIM_H
#define ROSTRUM_CLIBXML2_SHIM_H
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#endif
