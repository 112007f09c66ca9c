#include "CIntrinsics.h"  // header-only; a C target needs one source
