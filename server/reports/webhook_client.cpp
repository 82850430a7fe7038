// SPDX-License-Identifier: MIT
#include "server/reports/webhook_client.hpp"

#include "server/media/socket_address.hpp"
#include "tools/console/printable.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace keytone::server {

namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// Of the process, before its first use.
void begin_library() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(code);
}

} // namespace

struct WebhookClient::Library {
    Library() : multi(curl_multi_init()) {
        if (multi == nullptr) {
            throw std::bad_alloc();
        }
    }
    ~Library() { curl_multi_cleanup(multi); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    CURLM* multi;
};

struct WebhookClient::Transfer {
    DeliveryId id;
    std::string body;
    const WebhookPolicy* policy = nullptr;
    bool is_https = true;
    std::string refused; ///< An address that was not called.
    std::size_t header_bytes = 0;
    std::size_t body_bytes = 0;
    HeaderList headers{nullptr, &curl_slist_free_all};
    std::array<char, CURL_ERROR_SIZE> error{};
    Easy easy{nullptr, &curl_easy_cleanup}; // last: it uses all of the above

    // What the library calls. A size that is not all of it ends the transfer.
    static std::size_t take_header(char* /*bytes*/, std::size_t size, std::size_t count, void* transfer) {
        std::size_t& taken = static_cast<Transfer*>(transfer)->header_bytes;
        taken += size * count;
        return taken <= most_response_bytes ? size * count : 0;
    }
    static std::size_t take_body(char* /*bytes*/, std::size_t size, std::size_t count, void* transfer) {
        std::size_t& taken = static_cast<Transfer*>(transfer)->body_bytes;
        taken += size * count;
        return taken <= most_response_bytes ? size * count : 0;
    }
    static curl_socket_t open_socket(void* transfer, curlsocktype /*purpose*/, curl_sockaddr* address) {
        auto& self = *static_cast<Transfer*>(transfer);
        if (!may_call(*self.policy, address->addr, self.is_https)) {
            sockaddr_storage place{};
            std::memcpy(&place, &address->addr, std::min<std::size_t>(address->addrlen, sizeof place));
            self.refused = SocketAddress::from(place).host_text();
            return CURL_SOCKET_BAD;
        }
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }

    [[nodiscard]] WebhookAnswer answer(CURLcode code) const {
        WebhookAnswer answer{id, 0, {}};
        long status = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
        answer.status = status >= 200 && status <= 999 ? static_cast<int>(status) : 0;
        if (answer.status != 0) {
            return answer;
        }
        if (!refused.empty() && code == CURLE_COULDNT_CONNECT) {
            answer.problem = refused + " is no public address: allow it in reports.allow_addresses";
        } else {
            answer.problem =
                tools::printable(error.front() != '\0' ? error.data() : curl_easy_strerror(code));
        }
        return answer;
    }
};

WebhookClient::WebhookClient(WebhookPolicy policy) : policy_(std::move(policy)) {
    begin_library();
    library_ = std::make_unique<Library>();
}

WebhookClient::~WebhookClient() {
    for (const auto& transfer : transfers_) {
        curl_multi_remove_handle(library_->multi, transfer->easy.get());
    }
}

void WebhookClient::post(const WebhookPost& post) {
    if (const auto fault = fault_of_webhook_url(post.url, policy_.allow_http)) {
        refused_.push_back({post.id, 0, "its URL " + *fault});
        return;
    }
    auto transfer = std::make_unique<Transfer>();
    transfer->id = post.id;
    transfer->body = post.body;
    transfer->policy = &policy_;
    transfer->is_https = post.url.starts_with("https:") || post.url.starts_with("HTTPS:");
    curl_slist* headers = nullptr;
    for (const std::string& header : post.headers) {
        headers = curl_slist_append(headers, header.c_str());
    }
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    transfer->headers.reset(headers);
    transfer->easy.reset(curl_easy_init());
    CURL* const easy = transfer->easy.get();
    if (easy == nullptr || headers == nullptr) {
        throw std::bad_alloc();
    }
    const auto set = [easy](CURLoption option, auto value) {
        static_cast<void>(curl_easy_setopt(easy, option, value));
    };
    set(CURLOPT_ERRORBUFFER, transfer->error.data());
    set(CURLOPT_PRIVATE, static_cast<void*>(transfer.get()));
    set(CURLOPT_URL, post.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, policy_.allow_http ? "https,http" : "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
    // A connection for each: one that the far side has closed would be tried again behind our back.
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_USERAGENT, "keytone-server");
    set(CURLOPT_HTTPHEADER, transfer->headers.get());
    set(CURLOPT_POSTFIELDS, transfer->body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer->body.size()));
    set(CURLOPT_HEADERFUNCTION, &Transfer::take_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(transfer.get()));
    set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(transfer.get()));
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(transfer.get()));
    if (!policy_.ca_file.empty()) {
        set(CURLOPT_CAINFO, policy_.ca_file.c_str());
    }
    if (curl_multi_add_handle(library_->multi, easy) != CURLM_OK) {
        throw std::bad_alloc();
    }
    transfers_.push_back(std::move(transfer));
}

std::vector<WebhookAnswer> WebhookClient::answers() {
    std::vector<WebhookAnswer> found = std::exchange(refused_, {});
    int running = 0;
    static_cast<void>(curl_multi_perform(library_->multi, &running));
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(library_->multi, &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        const CURLcode code = message->data.result;
        const auto transfer = std::ranges::find(transfers_, message->easy_handle,
                                                [](const auto& each) { return each->easy.get(); });
        if (transfer != transfers_.end()) {
            found.push_back((*transfer)->answer(code));
            curl_multi_remove_handle(library_->multi, (*transfer)->easy.get());
            transfers_.erase(transfer);
        }
    }
    return found;
}

void WebhookClient::wait(std::chrono::milliseconds longest) {
    static_cast<void>(
        curl_multi_poll(library_->multi, nullptr, 0, static_cast<int>(longest.count()), nullptr));
}

void WebhookClient::wake() {
    static_cast<void>(curl_multi_wakeup(library_->multi));
}

} // namespace keytone::server
