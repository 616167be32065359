#ifndef GROUNDSWELL_CCLD2_H
#define GROUNDSWELL_CCLD2_H

#ifdef __cplusplus
extern "C" {
#endif

/// What CLD2 makes of a text.
struct cld2_finding {
    /// BCP 47 in CLD2's spelling, "un" for none; lives as long as the process.
    const char *language;
    /// How much the language's tables have of the text: points for each 1,024 bytes.
    double score;
    /// Bytes of letters that were looked at, and some space.
    int letters;
};

/// The language of a plain UTF-8 text; any thread may call it.
struct cld2_finding cld2_find(const char *text, int length);

#ifdef __cplusplus
}
#endif

#endif
