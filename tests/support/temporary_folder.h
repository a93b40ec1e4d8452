/// A folder for one test, removed with everything in it at the end of the test.
/// Belongs to one thread.
#pragma once

#include <filesystem>

namespace lcclass::test {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// `../shared/data` beside the project, or LCCLASS_SHARED_DATA: real scenes. Empty when there is none.
std::filesystem::path shared_data();

} // namespace lcclass::test

/// Skips the test with the folder's name when the real data is not there.
#define LCCLASS_REQUIRE_SHARED_DATA()                                                                                  \
    if (lcclass::test::shared_data().empty())                                                                          \
    GTEST_SKIP() << "real scenes are not at ../shared/data (or LCCLASS_SHARED_DATA)"
