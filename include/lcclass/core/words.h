/// Enumerators and the words of the command line that spell them, as one table per enumeration.
/// Pure functions; safe from any thread.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace lcclass {

template <class Enum, std::size_t n>
using WordTable = std::array<std::pair<Enum, const char*>, n>;

/// Throws Error(command_line) `option=word: is not <what> (did you mean ...?); fix: use one of <known>`.
[[noreturn]] void refuse_word(const std::string& option, const std::string& word, const std::string& what,
                              const std::vector<std::string>& known);

/// All words, in the order of the table.
template <class Enum, std::size_t n>
std::vector<std::string> words_of(const WordTable<Enum, n>& table) {
    std::vector<std::string> words;
    for (const auto& entry : table) {
        words.emplace_back(entry.second);
    }
    return words;
}

/// The word of `value`. Requires: it is in the table.
template <class Enum, std::size_t n>
std::string word_of(const WordTable<Enum, n>& table, Enum value) {
    for (const auto& [known, word] : table) {
        if (known == value) {
            return word;
        }
    }
    return {};
}

/// The enumerator that `word` spells. Throws: as `refuse_word`; `what` has its article: `a fold scheme`.
template <class Enum, std::size_t n>
Enum parse_word(const WordTable<Enum, n>& table, const std::string& option, const std::string& word,
                const std::string& what) {
    for (const auto& [value, known] : table) {
        if (word == known) {
            return value;
        }
    }
    refuse_word(option, word, what, words_of(table));
}

} // namespace lcclass
