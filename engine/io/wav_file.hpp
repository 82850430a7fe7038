// SPDX-License-Identifier: MIT
//
// The name that the pictures' headers include FileError by.
#pragma once

#include "engine/io/audio_reader.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/wav_writer.hpp"
