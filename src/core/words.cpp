#include "lcclass/core/words.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

namespace lcclass {

void refuse_word(const std::string& option, const std::string& word, const std::string& what,
                 const std::vector<std::string>& known) {
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = option + "=" + word,
                                         .problem = "is not " + what + did_you_mean(word, known),
                                         .fix = "use one of " + join(known, ", ")});
}

} // namespace lcclass
