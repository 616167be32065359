#include "ccld2.h"

// CLD2's header uses FILE and does not say where it is from.
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

struct cld2_finding cld2_find(const char *text, int length) {
    const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3];
    int percents[3];
    double scores[3];
    int letters = 0;
    int valid = 0;
    bool reliable = false;
    CLD2::ExtDetectLanguageSummaryCheckUTF8(
        text, length, true, &hints, CLD2::kCLDFlagBestEffort, languages, percents, scores, nullptr, &letters,
        &reliable, &valid);
    return {CLD2::LanguageCode(languages[0]), scores[0], letters};
}
