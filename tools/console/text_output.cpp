// SPDX-License-Identifier: MIT
#include "tools/console/text_output.hpp"

#include "engine/io/file_error.hpp"

#include <cstdint>
#include <span>

namespace keytone::tools {

std::optional<Failure> write_text(const std::string& path, std::string_view text, io::FileReaders readers) {
    auto output = io::ByteOutput::create(path, readers);
    if (!output) {
        return Failure{ExitCode::failed, output.error().message};
    }
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (!output->append(std::span(bytes, text.size())) || !output->commit()) {
        return Failure{ExitCode::failed, io::write_error(output->name(), output->error_number()).message};
    }
    return std::nullopt;
}

} // namespace keytone::tools
