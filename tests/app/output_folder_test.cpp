#include "output_folder.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace lcclass {
namespace {

namespace fs = std::filesystem;

class OutputFolderTest : public ::testing::Test {
protected:
    void SetUp() override {
        m_parent = fs::path(::testing::TempDir()) /
                   ("output_folder_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(m_parent);
        fs::create_directories(m_parent);
    }
    void TearDown() override { fs::remove_all(m_parent); }

    void make_old(const std::string& file) const {
        fs::create_directory(m_parent / "demo");
        write_file_atomically(m_parent / "demo" / file, "old", false);
    }
    /// Names in the parent folder, hidden ones included.
    [[nodiscard]] std::size_t n_entries() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(m_parent), fs::directory_iterator()));
    }
    fs::path m_parent;
};

TEST_F(OutputFolderTest, AppearsWholeOnCommit) {
    OutputFolder folder(m_parent / "demo/", false, "marker");
    write_file_atomically(folder.temporary() / "a", "new", false);
    EXPECT_FALSE(fs::exists(m_parent / "demo"));
    folder.commit();
    EXPECT_EQ(read_file(m_parent / "demo" / "a"), "new");
    EXPECT_EQ(n_entries(), 1U);
}

TEST_F(OutputFolderTest, LeavesNothingWithoutCommit) {
    {
        const OutputFolder folder(m_parent / "demo", false, "marker");
        write_file_atomically(folder.temporary() / "a", "new", false);
    }
    EXPECT_EQ(n_entries(), 0U);
}

TEST_F(OutputFolderTest, RefusesAFolderWithFilesUnlessOverwriting) {
    make_old("marker");
    EXPECT_THROW(OutputFolder(m_parent / "demo", false, "marker"), Error);
    EXPECT_EQ(read_file(m_parent / "demo" / "marker"), "old");
}

TEST_F(OutputFolderTest, NeverReplacesAFolderThatItDidNotMake) {
    make_old("precious");
    EXPECT_THROW(OutputFolder(m_parent / "demo", true, "marker"), Error);
    EXPECT_EQ(read_file(m_parent / "demo" / "precious"), "old");
}

TEST_F(OutputFolderTest, ReplacesItsOwnFolderAsAWhole) {
    make_old("marker");
    OutputFolder folder(m_parent / "demo", true, "marker");
    write_file_atomically(folder.temporary() / "a", "new", false);
    EXPECT_TRUE(fs::exists(m_parent / "demo" / "marker"));
    folder.commit();
    EXPECT_EQ(read_file(m_parent / "demo" / "a"), "new");
    EXPECT_FALSE(fs::exists(m_parent / "demo" / "marker"));
    EXPECT_EQ(n_entries(), 1U);
}

TEST_F(OutputFolderTest, UsesAnEmptyFolder) {
    fs::create_directory(m_parent / "demo");
    OutputFolder folder(m_parent / "demo", false, "marker");
    write_file_atomically(folder.temporary() / "a", "new", false);
    folder.commit();
    EXPECT_TRUE(fs::exists(m_parent / "demo" / "a"));
}

} // namespace
} // namespace lcclass
