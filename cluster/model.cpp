// A model's whole state space, searched by several processes that MPI starts, on one machine or on many:
//
//     mpirun -n 4 interlock_cluster PBFT --set views=2 --checkpoints folder
//
// Every process owns a part of the fingerprints (analyzer/engine/distributed.hpp). The counts are those of `interlock model`.
#include <fmt/format.h>
#include <mpi.h>

#include <charconv>
#include <climits>
#include <cstdio>
#include <exception>
#include <string>

#include "analyzer/engine/exchange.hpp"
#include "analyzer/models/models.hpp"

namespace {

using interlock::analyzer::engine::End, interlock::analyzer::engine::Exchange, interlock::analyzer::engine::Options;
namespace models = interlock::analyzer::models;

class MpiExchange final : public Exchange {
  public:
    MpiExchange() {
        (void)MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
        (void)MPI_Comm_size(MPI_COMM_WORLD, &size_);
    }
    unsigned rank() const override { return static_cast<unsigned>(rank_); }
    unsigned size() const override { return static_cast<unsigned>(size_); }

    std::vector<Bytes> all_to_all(const std::vector<Bytes>& messages) override {
        const std::size_t count = messages.size();
        std::vector<int> sent(count), received(count), sent_at(count), received_at(count);
        Bytes out;
        for (std::size_t i = 0; i < count; ++i) {
            sent_at[i] = checked(out.size());
            sent[i] = checked(messages[i].size());
            out.insert(out.end(), messages[i].begin(), messages[i].end());
        }
        (void)MPI_Alltoall(sent.data(), 1, MPI_INT, received.data(), 1, MPI_INT, MPI_COMM_WORLD);
        std::size_t all = 0;
        for (std::size_t i = 0; i < count; all += static_cast<std::size_t>(received[i++])) received_at[i] = checked(all);
        Bytes in(all);
        (void)MPI_Alltoallv(out.data(), sent.data(), sent_at.data(), MPI_BYTE, in.data(), received.data(),
                            received_at.data(), MPI_BYTE, MPI_COMM_WORLD);
        std::vector<Bytes> told(count);
        for (std::size_t i = 0; i < count; ++i)
            told[i].assign(in.begin() + received_at[i], in.begin() + received_at[i] + received[i]);
        return told;
    }

  private:
    static int checked(std::size_t size) {
        if (size > INT_MAX) throw std::length_error("more is sent at once than MPI takes");
        return static_cast<int>(size);
    }

    int rank_ = 0, size_ = 1;
};

struct Arguments {
    const models::ModelEntry* model = nullptr;
    std::vector<int> values;
    bool is_symmetric = false;
    std::string checkpoints, error;
    std::size_t most_levels = SIZE_MAX;
    std::uint64_t most_states = Options{}.most_states, label = 1469598103934665603U;
};

constexpr const char* usage =
    "usage: mpirun -n N interlock_cluster MODEL [--symmetry] [--set NAME=VALUE]… [--states N] [--levels N] "
    "[--checkpoints FOLDER]";

template <class T>
bool read_number(std::string_view text, T& number) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size();
}

std::string set_parameter(Arguments& arguments, std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    for (std::size_t i = 0; i < arguments.model->parameters.size(); ++i) {
        const models::Parameter& parameter = arguments.model->parameters[i];
        if (parameter.name != name || equals == std::string_view::npos) continue;
        if (read_number(text.substr(equals + 1), arguments.values[i]) && arguments.values[i] >= parameter.least &&
            arguments.values[i] <= parameter.most)
            return {};
        return fmt::format("{} is a number from {} to {}", name, parameter.least, parameter.most);
    }
    return fmt::format("{} has no parameter `{}`", arguments.model->name, name);
}

Arguments arguments_of(int count, char** texts) {
    Arguments arguments;
    for (const models::ModelEntry& model : models::all_models())
        if (count > 1 && model.name == texts[1]) arguments.model = &model;
    if (!arguments.model) {
        arguments.error = usage;
        return arguments;
    }
    if (!arguments.model->takes_threads)  // what its choices are numbered by is learnt on the way
        arguments.error = fmt::format("{0} is searched by one process: interlock model {0}", arguments.model->name);
    for (const models::Parameter& parameter : arguments.model->parameters) arguments.values.push_back(parameter.preset);
    for (int i = 2; i < count && arguments.error.empty(); ++i) {
        const std::string_view option = texts[i], value = i + 1 < count ? texts[i + 1] : "";
        if (option == "--symmetry" && arguments.model->has_symmetry) arguments.is_symmetric = true;
        else if (option == "--set") arguments.error = set_parameter(arguments, value);
        else if (option == "--checkpoints" && !value.empty()) arguments.checkpoints = value;
        else if (option != "--levels" && option != "--states") arguments.error = usage;
        else if (!(option == "--levels" ? read_number(value, arguments.most_levels)
                                        : read_number(value, arguments.most_states)))
            arguments.error = fmt::format("{} needs a number", option);
        if (option != "--symmetry") ++i;
    }
    // What is searched, for the names of checkpoints: files of anything else are not read.
    const auto tell_apart = [&arguments](std::uint64_t number) {
        arguments.label = (arguments.label ^ number) * 1099511628211U;
    };
    for (const char letter : arguments.model->name) tell_apart(static_cast<unsigned char>(letter));
    for (const int value : arguments.values) tell_apart(static_cast<std::uint64_t>(value));
    tell_apart(arguments.is_symmetric);
    return arguments;
}

// Returns an exit code, as `interlock model` does.
int search(const Arguments& arguments) {
    MpiExchange exchange;
    Options options;
    options.is_reduced = false;
    options.most_states = arguments.most_states;
    options.exchange = &exchange;
    options.checkpoints = arguments.checkpoints;
    options.label = arguments.label;
    options.most_levels = arguments.most_levels;
    const models::Result result = arguments.model->search(arguments.values, arguments.is_symmetric, options);
    bool is_broken = false;
    std::string text = fmt::format("{} states, {} generated, depth {}, {} processes, {:.1f} s{}\n", result.report.states,
                                   result.report.generated, result.report.depth, exchange.size(), result.report.seconds,
                                   result.report.end == End::Complete ? "" : ", not complete");
    for (const models::PropertyResult& property : result.properties) {
        is_broken |= property.is_broken;
        text += fmt::format("{:<18} {}\n", property.property.name,
                            property.is_broken ? fmt::format("VIOLATED after {} steps", property.choices.size())
                            : result.report.end == End::Complete ? "holds"
                                                                 : "not violated as far as it went");
        for (std::size_t i = 1; i < property.trace.size(); ++i) text += fmt::format("  {}\n", property.trace[i].choice);
    }
    if (exchange.rank() == 0) std::fputs(text.c_str(), stdout);
    if (is_broken) return 1;
    return result.report.end == End::Complete ? 0 : 2;
}

}  // namespace

int main(int count, char** texts) {
    (void)MPI_Init(&count, &texts);
    const Arguments arguments = arguments_of(count, texts);
    int code = 64;
    try {
        if (arguments.error.empty()) code = search(arguments);
        else std::fprintf(stderr, "interlock_cluster: %s\n", arguments.error.c_str());
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "interlock_cluster: %s\n", failure.what());
        (void)MPI_Abort(MPI_COMM_WORLD, 70);
    }
    (void)MPI_Finalize();
    return code;
}
