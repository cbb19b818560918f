#include "lang/lower/results.hpp"

#include "lang/ir/storage_path.hpp"
#include "lang/lower/places.hpp"

namespace interlock::lang::lowering {

namespace {

bool is_in_storage(const Type& type) { return type.kind == TypeKind::Mapping || type.location == DataLocation::Storage; }

}  // namespace

ir::Value Results::coerce(ir::Value value, const ir::Type& type, SourceRange range) {
    const ir::Type from = builder_.type_of(value);
    if (from == type) return value;
    if (from.is_reference() != type.is_reference()) {
        unsupported("a conversion from `" + ir::abi_name(from) + "` to `" + ir::abi_name(type) + "` is not supported yet",
                    range);
    }
    return builder_.op(ir::Op::Convert, type, {value}, range);
}

ir::Value Results::value_of(const Result& result, SourceRange range) {
    switch (result.kind) {
        case Result::Kind::Value: return result.value;
        case Result::Kind::Text: return value(result.text);
        case Result::Kind::Place: return Places(*this).load(result.place, range);
        case Result::Kind::Reference: {
            const Reference& part = result.reference;
            if (contract_.types.is_value(part.type)) return data(range).load(part);
            if (!data::is_byte_string(program_, part.type)) break;
            const ir::Type type = contract_.types.value_type(part.type, range);
            return data(range).as(data(range).to_memory(part), type);
        }
        case Result::Kind::Tuple:
            if (result.parts.size() == 1) return value_of(result.parts.front(), range);
            [[fallthrough]];
        case Result::Kind::Nothing:
        case Result::Kind::Fields: break;
    }
    unsupported("this cannot be used as one value yet", range);
}

Result Results::loaded(Result result, SourceRange range) {
    if (result.kind == Result::Kind::Tuple) {
        for (Result& part : result.parts) part = loaded(std::move(part), range);
    }
    if (result.kind != Result::Kind::Place) return result;
    const TypeKind kind = program_[result.place.type].kind;
    const bool is_word_or_bytes =
        contract_.types.is_value(result.place.type) || kind == TypeKind::Bytes || kind == TypeKind::String;
    return is_word_or_bytes ? Result(Places(*this).load(result.place, range)) : result;
}

Result Results::read(Result result, SourceRange range) {
    switch (result.kind) {
        case Result::Kind::Tuple:
            for (Result& part : result.parts) part = read(std::move(part), range);
            return result;
        case Result::Kind::Place:
            return contract_.types.is_value(result.place.type) ? Result(Places(*this).load(result.place, range)) : result;
        case Result::Kind::Reference:
            if (program_[result.reference.type].kind == TypeKind::Mapping) return result;
            return result_of(data(range).datum(result.reference));
        default: return result;
    }
}

Result Results::result_of(const Datum& datum) {
    if (datum.value) return datum.value;
    const Reference& reference = datum.reference;
    if (reference.location == DataLocation::Memory && data::is_byte_string(program_, reference.type)) {
        const bool is_text = program_[reference.type].kind == TypeKind::String;
        return data({}).as(reference.address, is_text ? ir::string_type : ir::bytes_type);
    }
    return reference;
}

Reference Results::reference_to(const PlaceReference& place, SourceRange range) {
    ir::Instruction slot;
    slot.op = ir::Op::SlotOf;
    slot.type = ir::uint256_type;
    slot.place = {place.variable, place.steps};
    const unsigned offset = offset_in_slot(contract_.contract(), slot.place);
    slot.operands = place.keys;
    slot.range = range;
    Reference reference{DataLocation::Storage, place.type, builder_.emit(std::move(slot)), {}, {}};
    if (offset != 0) reference.offset = data(range).word(offset);
    return reference;
}

Reference Results::reference_of(const Result& result, TypeId type, SourceRange range) {
    switch (result.kind) {
        case Result::Kind::Reference: return data(range).resolve(result.reference);
        case Result::Kind::Place: return reference_to(result.place, range);
        case Result::Kind::Value:
        case Result::Kind::Text: return {DataLocation::Memory, type, data(range).raw(value_of(result, range)), {}, {}};
        case Result::Kind::Fields: return {DataLocation::Memory, type, address_in_memory(result, type, range), {}, {}};
        default: unsupported("this cannot be used as a reference yet", range);
    }
}

Datum Results::datum_of(const Result& result, TypeId type, SourceRange range) {
    if (contract_.types.is_value(type)) return {type, value_of(result, range), {}};
    const Reference reference = reference_of(result, type, range);
    return {type, {}, reference};
}

ir::Value Results::address_in_memory(const Result& result, TypeId type, SourceRange range) {
    const bool is_stored = result.kind == Result::Kind::Place ||
                           (result.kind == Result::Kind::Reference && result.reference.location == DataLocation::Storage);
    if (is_stored) contract_.types.refuse_fixed_point(type, range);
    DataBuilder at = data(range);
    if (result.kind == Result::Kind::Place && data::is_byte_string(program_, type))
        return at.raw(Places(*this).load(result.place, range));
    if (result.kind != Result::Kind::Fields) return at.to_memory(reference_of(result, type, range));
    const auto& fields = contract_.types.fields_of(type);
    const ir::Value start = at.allocate(at.word(32 * fields.size()));
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const TypeId part = program_[fields[i]].type;
        const Result& given = result.parts.at(i);
        const ir::Value word = contract_.types.is_value(part) ? at.raw(at.as_type(value_of(given, range), part))
                                                              : address_in_memory(given, part, range);
        at.mstore(at.add(start, 32 * i), word);
    }
    return start;
}

Result Results::in_memory(const Result& given, TypeId type, SourceRange range) {
    if (contract_.types.is_value(type) || !data::is_reference(program_, type)) return given;
    return result_of({type, {}, Reference{DataLocation::Memory, type, address_in_memory(given, type, range), {}, {}}});
}

Result Results::converted(const Result& result, TypeId to, SourceRange range) {
    const Type& type = program_[to];
    if (type.kind == TypeKind::Tuple) return result;  // the components are converted where they are used
    if (contract_.types.is_value(to)) return coerce(value_of(result, range), contract_.types.value_type(to, range), range);
    if (result.kind == Result::Kind::Text) return value_of(result, range);
    if (!data::is_reference(program_, to) || type.location != DataLocation::Memory) return result;
    if (result.kind == Result::Kind::Value) {
        return data::is_byte_string(program_, to)
                   ? Result(coerce(result.value, contract_.types.value_type(to, range), range))
                   : result;
    }
    if (result.kind == Result::Kind::Reference && result.reference.location == DataLocation::Memory)
        return data(range).resolve(result.reference);
    if (result.kind == Result::Kind::Place && data::is_byte_string(program_, to))
        return coerce(Places(*this).load(result.place, range), contract_.types.value_type(to, range), range);
    if (result.kind != Result::Kind::Reference && result.kind != Result::Kind::Place && result.kind != Result::Kind::Fields)
        return result;
    return result_of({to, {}, Reference{DataLocation::Memory, to, address_in_memory(result, to, range), {}, {}}});
}

ir::Values Results::flatten(const Result& result, TypeId type, SourceRange range) {
    const Type& t = program_[type];
    if (t.kind == TypeKind::Tuple) {
        ir::Values all;
        for (std::size_t i = 0; i < t.members.size(); ++i) {
            const auto some = flatten(result.parts.at(i), t.members[i], range);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }
    if (names_no_value(t)) return {};
    if (is_in_storage(t)) return {reference_of(result, type, range).address};
    if (t.location == DataLocation::Calldata) {
        const Reference reference = reference_of(result, type, range);
        if (!data::has_length(program_, type)) return {reference.address};
        return {reference.address, data(range).length(reference)};
    }
    if (data::is_reference(program_, type) && !data::is_byte_string(program_, type))
        return {address_in_memory(result, type, range)};
    return {
        variables_.implicitly(coerce(value_of(result, range), contract_.types.value_type(type, range), range), type, range)};
}

Result Results::unflatten(const ir::Values& words, std::size_t& next, TypeId type) {
    const Type& t = program_[type];
    if (t.kind == TypeKind::Tuple) {
        std::vector<Result> parts;
        for (const TypeId member : t.members) parts.push_back(unflatten(words, next, member));
        return Result::tuple(std::move(parts));
    }
    if (names_no_value(t)) return {};
    const bool is_byte_string = data::is_byte_string(program_, type);
    if (is_in_storage(t)) return Reference{DataLocation::Storage, type, words.at(next++), {}, {}};
    if (t.location == DataLocation::Calldata) {
        Reference reference{DataLocation::Calldata, type, words.at(next++), {}, {}};
        if (data::has_length(program_, type)) reference.length = words.at(next++);
        return reference;
    }
    if (data::is_reference(program_, type) && !is_byte_string)
        return Reference{DataLocation::Memory, type, words.at(next++), {}, {}};
    const ir::Value word = words.at(next++);
    const bool is_dirty = contract_.types.may_be_dirty(type) && builder_.type_of(word) == ir::uint256_type;
    return is_dirty ? variables_.cleaned(word, type, {}) : word;
}

// Reads a byte string in call data wherever it is; bytes beyond the end of the call data are zero.
ir::Value Results::encodable(const Result& given, std::optional<ir::Type> wanted, SourceRange range) {
    const Reference& part = given.reference;
    const bool lies_in_calldata = given.kind == Result::Kind::Reference && part.location == DataLocation::Calldata;
    if (lies_in_calldata && data::is_byte_string(program_, part.type))
        return data(range).as(data(range).copy_of_calldata(part),
                              wanted.value_or(contract_.types.value_type(part.type, range)));
    const ir::Value found = value_of(given, range);
    return wanted ? coerce(found, *wanted, range) : found;
}

bool Results::needs_coding(TypeId type) const { return data::is_reference(program_, type); }

bool Results::needs_coding(const std::vector<ir::NamedType>& types) const {
    return std::ranges::any_of(
        types, [&](const ir::NamedType& each) { return each.type == ir::data_type || each.type.is_reference(); });
}

// Reads an unused result if reading it can fail: a value in call data may not be one of its type.
void Results::discard(const Result& result, SourceRange range) {
    for (const Result& part : result.parts) discard(part, range);
    const bool can_fail = result.kind == Result::Kind::Reference && result.reference.location != DataLocation::Storage;
    if (can_fail) (void)read(result, range);
}

}  // namespace interlock::lang::lowering
