#include "support/temporary_folder.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace lcclass::test {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "lcclass-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

fs::path shared_data() {
    const char* stated = std::getenv("LCCLASS_SHARED_DATA");
    fs::path folder = stated != nullptr ? fs::path(stated) : fs::path(LCCLASS_SOURCE_DIR) / ".." / "shared" / "data";
    return fs::is_directory(folder) ? fs::canonical(folder) : fs::path();
}

} // namespace lcclass::test
