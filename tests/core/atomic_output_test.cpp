#include "lcclass/core/atomic_output.h"

#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>

namespace lcclass {
namespace {

namespace fs = std::filesystem;

void expect_refused(const fs::path& path, bool overwrite, const std::string& problem) {
    try {
        write_file_atomically(path, "new", overwrite);
        FAIL() << path;
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::output);
        EXPECT_NE(std::string(error.what()).find(problem), std::string::npos) << error.what();
    }
}

TEST(AtomicOutput, NothingStandsAtThePathBeforeCommitAndNothingIsLeftWithoutIt) {
    const test::TemporaryFolder folder;
    {
        const AtomicOutput output(folder.path() / "a.txt", false);
        EXPECT_TRUE(fs::exists(output.temporary()));
        EXPECT_EQ(output.temporary().extension(), ".txt");
        EXPECT_FALSE(fs::exists(output.path()));
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(AtomicOutput, CommitPublishesTheWholeFile) {
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "a.txt";
    write_file_atomically(path, "whole", false);
    EXPECT_EQ(read_file(path), "whole");
    write_file_atomically(path, "second", true);
    EXPECT_EQ(read_file(path), "second");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(AtomicOutput, ExistingFilesAreKeptUnlessOverwriteIsSaid) {
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "a.txt";
    write_file_atomically(path, "old", false);
    expect_refused(path, false, "exists");
    EXPECT_EQ(read_file(path), "old");
}

TEST(AtomicOutput, ASymbolicLinkIsReplacedAndItsTargetUntouched) {
    const test::TemporaryFolder folder;
    write_file_atomically(folder.path() / "target", "precious", false);
    fs::create_symlink(folder.path() / "target", folder.path() / "link");
    write_file_atomically(folder.path() / "link", "new", true);
    EXPECT_EQ(read_file(folder.path() / "target"), "precious");
    EXPECT_EQ(read_file(folder.path() / "link"), "new");
    EXPECT_FALSE(fs::is_symlink(folder.path() / "link"));
}

TEST(AtomicOutput, BadTargetsAreRefusedBeforeWork) {
    const test::TemporaryFolder folder;
    expect_refused(folder.path() / "missing" / "a.txt", false, "does not exist");
    expect_refused(folder.path(), true, "is a folder");
    expect_refused("/vsimem/a.tif", true, "local file");
    expect_refused(folder.path() / std::string(300, 'n'), false, "longer than 255 bytes");
}

TEST(AtomicOutput, NamesWithSpacesNewlinesPercentAndUmlautsWork) {
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "a b%d\n\xc3\xa4.txt";
    write_file_atomically(path, "x", false);
    EXPECT_EQ(read_file(path), "x");
}

TEST(AtomicOutput, PermissionsAreThoseOfANormalFile) {
    const test::TemporaryFolder folder;
    const mode_t before = umask(027);
    write_file_atomically(folder.path() / "a", "x", false);
    umask(before);
    struct stat status {};
    ASSERT_EQ(::stat((folder.path() / "a").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST(AtomicOutput, SameFileSeesThroughLinks) {
    const test::TemporaryFolder folder;
    write_file_atomically(folder.path() / "a", "x", false);
    fs::create_hard_link(folder.path() / "a", folder.path() / "hard");
    fs::create_symlink(folder.path() / "a", folder.path() / "soft");
    write_file_atomically(folder.path() / "b", "x", false);
    EXPECT_TRUE(same_file(folder.path() / "a", folder.path() / "hard"));
    EXPECT_TRUE(same_file(folder.path() / "soft", folder.path() / "." / "a"));
    EXPECT_FALSE(same_file(folder.path() / "a", folder.path() / "b"));
    EXPECT_FALSE(same_file(folder.path() / "a", folder.path() / "none"));
}

TEST(ReadFile, RefusesWhatIsMissingTooLargeOrNoFile) {
    const test::TemporaryFolder folder;
    write_file_atomically(folder.path() / "a", "12345", false);
    write_file_atomically(folder.path() / "empty", "", false);
    EXPECT_EQ(read_file(folder.path() / "empty"), "");
    EXPECT_THROW(read_file(folder.path() / "a", 4), Error);
    EXPECT_THROW(read_file(folder.path() / "none"), Error);
    EXPECT_THROW(read_file(folder.path()), Error);
}

TEST(Sha256, AgreesWithThePublishedVectors) {
    // FIPS 180-4 examples.
    EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const test::TemporaryFolder folder;
    write_file_atomically(folder.path() / "abc", "abc", false);
    EXPECT_EQ(sha256_of_file(folder.path() / "abc"), sha256_of("abc"));
    EXPECT_THROW(sha256_of_file(folder.path() / "none"), Error);
}

} // namespace
} // namespace lcclass
