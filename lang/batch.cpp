#include "lang/batch.hpp"

#include <iterator>
#include <map>

#include "lang/codegen/parallel.hpp"
#include "lang/loading/load.hpp"

namespace interlock::lang {

Batch::Batch(std::vector<BatchFile> files, CodeOptions options, unsigned jobs)
    : files_(std::move(files)), options_(options), jobs_(jobs), same_as_(files_.size()), places_(files_.size()) {
    std::map<std::pair<std::size_t, std::string>, std::size_t> known;  // by group and path
    std::map<std::size_t, Numbers> groups;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        const auto [place, is_new] = known.try_emplace({files_[i].group, name_of(files_[i].path, *files_[i].imports)}, i);
        same_as_[i] = place->second;
        if (is_new) groups[files_[i].group].push_back(i);
    }
    for (const auto& [group, members] : groups) compile_together(members);
}

Compilation Batch::compilation_of(std::size_t file) const {
    const Place& place = place_of(file);
    return parts_[place.part]->compilation_of(place.root);
}

Diagnostics Batch::diagnostics_of(std::size_t file) const {
    const Place& place = place_of(file);
    return parts_[place.part]->diagnostics_of(place.root);
}

Batch::Part Batch::checked(const Numbers& files) const {
    std::vector<const RootFile*> roots;
    for (const std::size_t each : files) roots.push_back(&files_[each]);
    return std::make_unique<JointCompilation>(roots, *files_[files.front()].imports);
}

void Batch::keep(Part part, const Numbers& files) {
    for (std::size_t i = 0; i < files.size(); ++i) places_[files[i]] = {parts_.size(), i};
    parts_.push_back(std::move(part));
}

void Batch::compile_together(const Numbers& files) {
    if (files.size() <= 1) return compile_alone(files);
    Part part = checked(files);
    if (part->has_too_many_files()) {
        const auto middle = files.begin() + static_cast<std::ptrdiff_t>(files.size() / 2);
        compile_together({files.begin(), middle});
        return compile_together({middle, files.end()});
    }
    Numbers alone, together;
    for (std::size_t i = 0; i < files.size(); ++i) (part->wants_to_be_alone(i) ? alone : together).push_back(files[i]);
    if (alone.empty() && !part->is_checked()) alone.swap(together);
    if (alone.empty()) {
        part->generate(options_, jobs_);
        return keep(std::move(part), files);
    }
    part.reset();
    compile_together(together);
    compile_alone(alone);
}

void Batch::compile_alone(const Numbers& files) {
    std::vector<Part> parts(files.size());
    in_parallel(files.size(), jobs_, [&](std::size_t i) {
        parts[i] = checked({files[i]});
        parts[i]->generate(options_, files.size() == 1 ? jobs_ : 1);
    });
    for (std::size_t i = 0; i < files.size(); ++i) keep(std::move(parts[i]), {files[i]});
}

Diagnostics Telling::still_untold(Diagnostics diagnostics, const Sources& sources) {
    const auto key_of = [&](const Diagnostic& each) {
        const SourceFile& file = sources.file_of(each.primary.range);
        return Key{file.path, each.primary.range.begin - file.start, each.code, each.message};
    };
    std::set<Key> now;
    for (const Diagnostic& each : diagnostics.all()) now.insert(key_of(each));
    diagnostics.leave_out([&](const Diagnostic& each) { return told_.contains(key_of(each)); });
    told_.merge(now);
    return diagnostics;
}

}  // namespace interlock::lang
