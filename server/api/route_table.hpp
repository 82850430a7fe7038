// SPDX-License-Identifier: MIT
#pragma once

#include "server/api/route.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// All routes there are. `[any]`
std::span<const Route> route_table();

/// What is at a path.
struct RouteMatch {
    const Route* route = nullptr; ///< Null: nothing is there, or not by this method.
    std::vector<std::string> names;
    std::string allowed; ///< The methods there are, as `Allow` has them; empty: there is no such path.
};

/// HEAD is served by the route of GET. `path` is decoded. `[any]`
RouteMatch find_route(std::string_view method, std::string_view path);

} // namespace keytone::server
