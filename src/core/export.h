/* What AFINA_API of the public headers means while the library itself is compiled: all
 * other names are hidden. The Makefile includes this file before each source. A host
 * does not need the attribute, and the parsers of other languages do not read it. */
#ifndef AFINA_CORE_EXPORT_H
#define AFINA_CORE_EXPORT_H

#define AFINA_API __attribute__((visibility("default")))

#endif
