// SPDX-License-Identifier: MIT
//
// keytone-server call and keytone-server answer: a scenario's requests on a real call.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <optional>
#include <string>

namespace keytone::server {

/// The options of both.
struct LiveOptions {
    std::string scenario; ///< A file; `-` is standard input.
    std::string to;       ///< `call`: a SIP URI.
    std::string listen;   ///< `address:port` of SIP; empty: towards `to`, or the loopback's port 5060.
    std::string trunk;    ///< Where numbers are dialled; empty: the host of `to`, or the configuration's.
    std::string config;   ///< A file; empty: none.
    std::string folder;   ///< To write to; empty: nothing is written.
    std::string capture;  ///< A pcap file to write; empty: none.
    std::string prompts;  ///< Where recorded prompts lie; empty: where the scenario lies.
    bool json = false;
};

/// Places the call, or waits for one that comes in where `to` is empty; prints what happens as it happens.
std::optional<tools::Failure> run_live(const LiveOptions& options, tools::Console& console);

/// Says what is wrong with a configuration, or that nothing is.
std::optional<tools::Failure> check_config(const std::string& file, tools::Console& console);

} // namespace keytone::server
