// Builds code for arrays, structs and byte strings in any location: their parts (data_builder.cpp), copies
// to memory and storage (data_memory.cpp, data_storage.cpp), and the ABI (data_coding.cpp).
//
// Every operation that needs a loop is a routine: a function of the IR, made on demand once for each contract and type.
// (Solidity documentation: "Layout of State Variables in Storage", "Layout in Memory", "Layout of Call Data", "Contract
// ABI Specification". Failures and their data are those of solc's ABI coder v2.)
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lang/lower/word_builder.hpp"
#include "lang/program/data_layout.hpp"

namespace interlock::lang::lowering {

class ContractLowering;

inline constexpr vm::Word largest_u64(0xffff'ffff'ffff'ffff);  // larger lengths and offsets are refused

// An array, a struct or a byte string, or a part of one. `type` gives the type, whatever location that type names.
struct Reference {
    DataLocation location = DataLocation::Memory;
    TypeId type;
    ir::Value address;          // memory: an address; call data: the offset of its first part; storage: a slot
    ir::Value length;           // call data, for types with a length: in elements
    ir::Value offset;           // storage, for values: the byte within the slot; not set: 0
    bool is_cell = false;       // memory: the word at `address` is the value, or the address of the referenced data
    bool is_byte = false;       // memory: a single byte of a byte string
    bool is_transient = false;  // storage: transient storage
};

// Something to encode without a copy: a value, data in memory, call data or storage, or a text literal.
struct Datum {
    TypeId type;
    ir::Value value;  // for value types
    Reference reference;
    std::optional<std::string_view> text = {};
};

class DataBuilder : public WordBuilder {
  public:
    DataBuilder(ContractLowering& contract, Builder& builder, SourceRange range);

    using Words = ir::Values;
    using Body = std::function<Words(DataBuilder&, const Words&)>;

    // --- parts; indices are not checked here ---
    ir::Value length(const Reference& of);
    Reference element(const Reference& of, ir::Value index);
    Reference checked_element(const Reference& of, ir::Value index);  // fails with Panic(0x32)
    Reference byte(const Reference& of, ir::Value index, TypeId bytes1, bool checked = true);
    Reference field(const Reference& of, std::size_t number);
    Reference entry(const Reference& mapping, ir::Value key);              // a byte string is given by its address in memory
    Reference entry(const Reference& mapping, const Datum& bytes);         // the key is read where it is
    Reference slice(const Reference& of, ir::Value begin, ir::Value end);  // of call data
    Reference resolve(Reference part);                                     // follows a cell in memory to the referenced data

    // --- values ---
    [[nodiscard]] bool is_value(TypeId type) const { return data::is_value(program_, type); }
    [[nodiscard]] ir::Type type_of(TypeId type) const;
    ir::Value load(const Reference& part);
    void store(const Reference& part, ir::Value value);
    ir::Value cleaned(ir::Value word, TypeId type);   // a value of the type from a word that may not be one; Panic(0x21)
    ir::Value as_type(ir::Value value, TypeId type);  // converts a value if the types differ
    Datum datum(const Reference& part);

    // --- memory ---
    ir::Value allocate(ir::Value bytes);  // Panic(0x41)
    ir::Value new_array(TypeId type, ir::Value length);
    ir::Value default_in_memory(TypeId type);
    ir::Value copy_of_calldata(const Reference& bytes);  // copies all of them
    ir::Value text_in_memory(std::string_view text);
    ir::Value to_memory(const Reference& from);  // the address of a copy; for data in memory its own address
    std::uint32_t bytes_loader();                // the routine that copies a byte string: (slot) -> address

    // --- storage ---
    void to_storage(const Reference& to, const Datum& from);
    std::uint32_t bytes_storer();  // the routine that stores a byte string: (slot, address) ->
    void clear(const Reference& in_storage);
    void resize(const Reference& array, ir::Value length);
    Reference push(const Reference& array);  // returns the new element, which is zero
    void pop(const Reference& array);
    void push_byte(const Reference& bytes, ir::Value byte);  // `byte` is a bytes1
    void pop_byte(const Reference& bytes);

    // --- the ABI ---
    ir::Value encode(const std::vector<Datum>& values, ir::Value start);  // returns the end
    // Where they can be encoded behind `prefix` bytes if the call ends with that.
    ir::Value last_memory(const std::vector<Datum>& values, std::uint64_t prefix);
    ir::Value encode_packed(const std::vector<Datum>& values, ir::Value start, bool padded = false);
    // Decodes from `start` to `end` in memory or call data. The type of each result says where it is.
    std::vector<Datum> decode(const std::vector<TypeId>& types, ir::Value start, ir::Value end, DataLocation from);
    ir::Value bytes_of_encoding(const std::vector<Datum>& values, ir::Value selector, bool packed);  // returns an address
    ir::Value as_fixed_bytes(const Reference& bytes, TypeId type);

    Words call(const std::string& name, std::size_t results, const Words& arguments, const Body& body);

  private:
    ir::Value call_one(const std::string& name, const Words& arguments, const Body& body) {
        return call(name, 1, arguments, body).front();
    }
    Words call(std::uint32_t routine, const Words& arguments);
    [[nodiscard]] std::string name_of(const Reference& of) const;
    [[nodiscard]] std::string name_of(TypeId type) const;
    [[nodiscard]] bool is_array(TypeId type) const { return program_[type].kind == TypeKind::Array; }
    [[nodiscard]] bool is_struct(TypeId type) const { return program_[type].kind == TypeKind::Struct; }
    [[nodiscard]] bool is_bytes(TypeId type) const { return data::is_byte_string(program_, type); }
    [[nodiscard]] bool has_length(TypeId type) const { return data::has_length(program_, type); }
    [[nodiscard]] bool fills_words(TypeId type) const;  // whether every word is a value of the type
    [[nodiscard]] static Words words_of(const Reference& of);
    [[nodiscard]] static Reference with_words(Reference like, const Words& words);

    ir::Value clean(ir::Value word, const ir::Type& type);
    ir::Value validated(ir::Value word, TypeId type);  // reverts if it is not a value of the type
    ir::Value storage_word(ir::Value value, const ir::Type& type);
    Reference calldata_part(ir::Value base, ir::Value at, TypeId type);
    Reference calldata_reference(ir::Value offset, ir::Value end, TypeId type);
    ir::Value bytes_length(ir::Value head);      // of a byte string in storage; Panic(0x22)
    ir::Value checked_length(ir::Value length);  // Panic(0x41)
    void clear_slots(ir::Value first, ir::Value end);
    void store_bytes(ir::Value slot, ir::Value address);
    void store_bytes_of(const Reference& to, const Reference& source);
    ir::Value load_bytes(ir::Value slot);
    void copy_elements(const Reference& to, const Reference& from);
    void copy_lone_elements(const Reference& to, const Reference& from);
    void copy_packed_elements(const Reference& to, const Reference& from);
    void clear_field(const Reference& field);
    ir::Value encode_reference(const Reference& from, ir::Value at);
    ir::Value encode_bytes(const Reference& from, ir::Value at, bool with_length, bool padded);
    ir::Value encode_elements(const Reference& from, ir::Value at);
    ir::Value encode_fields(const Reference& from, ir::Value at);
    void put_text(std::string_view text, ir::Value at);
    ir::Value pack(const Datum& from, ir::Value at, bool padded);
    ir::Value decode_to_memory(TypeId type, ir::Value offset, ir::Value end, DataLocation from);
    ir::Value decode_elements(TypeId type, ir::Value first, ir::Value length, ir::Value end, DataLocation from);
    ir::Value decode_part(TypeId type, ir::Value base, ir::Value at, ir::Value end, DataLocation from);
    void require_input(ir::Value condition, DataLocation from);
    ir::Value fetch(ir::Value at, DataLocation from);  // reads a word

    ContractLowering& contract_;
    const Program& program_;
};

}  // namespace interlock::lang::lowering
