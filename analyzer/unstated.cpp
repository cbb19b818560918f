#include "analyzer/unstated.hpp"

#include <algorithm>

namespace interlock::analyzer {

namespace {

PropertyVerdict verdict_on(PropertyKind kind, const ProvedOf& proved) {
    PropertyVerdict verdict;
    verdict.which = {proved.which, kind, 0};
    verdict.contract = proved.contract.name;
    verdict.property = to_string(kind);
    verdict.range = proved.contract.range;
    return verdict;
}

PropertyVerdict safe(PropertyKind kind, const ProvedOf& proved, std::vector<std::string> reasons) {
    PropertyVerdict verdict = verdict_on(kind, proved);
    verdict.verdict = Verdict::Safe;
    verdict.id = finding_id::proved;
    verdict.kind = "proved";
    verdict.reasons = std::move(reasons);
    return verdict;
}

void add(Report& report, PropertyVerdict verdict, const std::vector<std::string>& assumptions) {
    for (const std::string& each : assumptions)
        if (std::ranges::find(report.assumptions, each) == report.assumptions.end()) report.assumptions.push_back(each);
    auto at = report.verdicts.end();
    while (at != report.verdicts.begin() && std::prev(at)->which.contract > verdict.which.contract) --at;
    report.verdicts.insert(at, std::move(verdict));
}

void judge_solvency(Report& report, const ProvedOf& proved) {
    const auto is_stated = [&](const PropertyVerdict& each) {
        return each.which.contract == proved.which && each.property == to_string(PropertyKind::Solvent);
    };
    if (std::ranges::any_of(report.verdicts, is_stated)) return;
    std::vector<std::string> reasons;
    for (const FoundInvariant& each : proved.proof.found)
        if (each.is_solvency) reasons.push_back(sentence_of(each));
    if (!reasons.empty()) add(report, safe(PropertyKind::Solvent, proved, std::move(reasons)), proved.proof.assumptions);
}

void judge_views(Report& report, const ProvedOf& proved) {
    const ViewsProof& views = proved.freedom.views;
    const auto is_seen = [&](const Warning& each) {
        return each.id == finding_id::view_in_between && each.contract == proved.contract.name;
    };
    // A run in which a view was odd says more than a proof that it may be.
    if (!views.is_of_any || std::ranges::any_of(report.warnings, is_seen)) return;
    if (views.is_proved())
        return add(
            report,
            safe(PropertyKind::Views, proved, {"asked during any call, each view answers as before it or as after it"}),
            proved.freedom.assumptions);
    // An attack says enough about re-entry.
    if (std::ranges::any_of(report.attacks, [](const Trace& attack) { return attack.script.kind == "reentrancy"; })) return;
    if (views.torn) {
        report.warnings.push_back(
            {std::string(finding_id::view_may_be_torn), proved.contract.name, views.torn->sentence, {}, views.torn->call});
        return;
    }
    PropertyVerdict verdict = verdict_on(PropertyKind::Views, proved);
    verdict.id = finding_id::not_proved;
    verdict.kind = "not proved";
    verdict.reasons = {proved.is_interrupted ? "the proof was interrupted" : views.blocked_by};
    add(report, std::move(verdict), {});
}

}  // namespace

void judge_unstated(Report& report, const ProvedOf& proved) {
    judge_solvency(report, proved);
    judge_views(report, proved);
}

}  // namespace interlock::analyzer
