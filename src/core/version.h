/* The version of the library, for its own use below the public header. */
#ifndef AFINA_CORE_VERSION_H
#define AFINA_CORE_VERSION_H

#define VERSION_TEXT "0.1.0"

enum { VERSION_NUMBER = 100 }; /* 10000 major + 100 minor + patch */

#endif
