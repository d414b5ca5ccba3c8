using System.Buffers;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Admission;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.Silo.Tests.FrontDoor.Admission;

public sealed class WireScanTests
{
    private const int UnknownField = 9_999;
    private const string TooMuch = "fields that this API does not have";

    [Fact]
    public void Require_MessageWithEverythingSet_Passes() => Pass(
        new V1.ApplyAgentRequest { Parent = "tenants/acme", Definition = new V1.AgentDefinition { Instructions = new string('x', 1_000_000), Limits = new V1.RunLimits { MaxSteps = 7 } } }.ToByteArray(),
        V1.ApplyAgentRequest.Descriptor);

    [Fact]
    public void Require_AsMuchAsANewerClientHas_Passes()
    {
        Pass(Field(UnknownField, new byte[WireScan.MaxUnknownBytes - 100]));
        Pass(Varints(WireScan.MaxUnknownFields, distinct: true));
        Pass(Groups(50));
    }

    [Fact]
    public void Require_TooManyBytes_IsRefused() => Refuse(TooMuch, Field(UnknownField, new byte[WireScan.MaxUnknownBytes + 100]));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Require_TooManyFields_IsRefused(bool distinct) => Refuse(TooMuch, Varints(WireScan.MaxUnknownFields + 1, distinct));

    [Fact]
    public void Require_TooManyFieldsInAGroup_IsRefused() =>
        Refuse(TooMuch, [.. Tag(UnknownField, WireFormat.WireType.StartGroup), .. Varints(WireScan.MaxUnknownFields + 1, distinct: true), .. Tag(UnknownField, WireFormat.WireType.EndGroup)]);

    [Fact]
    public void Require_KnownNumbersInAnotherForm_AreUnknown() =>
        Refuse(TooMuch, [.. Enumerable.Repeat<byte[]>([.. Tag(V1.StartRunRequest.InputFieldNumber, WireFormat.WireType.Varint), 1], WireScan.MaxUnknownFields + 1).SelectMany(field => field)]);

    [Fact]
    public void Require_TooManyInAPart_IsRefused() => Refuse(
        TooMuch, Field(V1.UpdateTenantRequest.TenantFieldNumber, Varints(WireScan.MaxUnknownFields + 1, distinct: true)), V1.UpdateTenantRequest.Descriptor);

    [Fact]
    public void Require_TooManyParts_IsRefused()
    {
        var definition = new V1.AgentDefinition();
        definition.Tools.AddRange(Enumerable.Range(0, WireScan.MaxParts).Select(_ => new V1.AgentTool()));
        Refuse("parts", new V1.ApplyAgentRequest { Definition = definition }.ToByteArray(), V1.ApplyAgentRequest.Descriptor);
    }

    [Fact]
    public void Require_TooManyElements_IsRefused()
    {
        var definition = new V1.AgentDefinition();
        definition.DataClasses.AddRange(Enumerable.Repeat("a", WireScan.MaxParts));
        Refuse("parts", new V1.ApplyAgentRequest { Definition = definition }.ToByteArray(), V1.ApplyAgentRequest.Descriptor);

        // Packed as one field.
        var place = new SourceCodeInfo.Types.Location();
        place.Path.AddRange(Enumerable.Repeat(1, WireScan.MaxParts));
        Refuse("parts", place.ToByteArray(), SourceCodeInfo.Types.Location.Descriptor);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public void Require_TextThatIsNone_IsRefused(byte[] text) => Refuse("is no text in UTF-8", Field(V1.StartRunRequest.InputFieldNumber, text));

    [Fact]
    public void Require_TextOfManyBytesACharacter_Passes() => Pass(new V1.StartRunRequest { Input = string.Concat(Enumerable.Repeat("\u20AC\U0001F600", 1_001)) }.ToByteArray());

    [Fact]
    public void Require_GroupThatEndsWithAnotherNumber_IsRefused() => Refuse("is no message of this method", [0xC3, 0x3E, 0xCC, 0x3E]);

    [Fact]
    public void Require_MessagesAndGroupsInEachOther_PassesNoneThatCannotBeParsed()
    {
        var passed = 0;
        for (var lists = 0; lists <= 51; lists++)
        {
            for (var groups = 95 - 2 * lists; groups <= 103 - 2 * lists; groups++)
            {
                var wire = Nested(lists, Math.Max(groups, 0));
                if (!Passes(wire)) continue;
                Value.Parser.ParseFrom(wire);
                passed++;
            }
        }

        Assert.InRange(passed, 200, 400);

        static bool Passes(byte[] wire)
        {
            try
            {
                WireScan.Require(new ReadOnlySequence<byte>(wire), Value.Descriptor);
                return true;
            }
            catch (InvalidInputException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x0A })]
    [InlineData(new byte[] { 0x0A, 5, 1 })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0x0C })]
    [InlineData(new byte[] { 0x0F })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 })]
    public void Require_WhatIsNoMessage_IsRefused(byte[] wire) => Refuse("is no message of this method", wire);

    [Fact]
    public void Require_GroupsTooDeep_IsRefused() => Refuse("is no message of this method", Groups(101));

    [Fact]
    public void Require_PartThatEndsInsideAField_IsRefused() => Refuse(
        "is no message of this method", [.. Field(V1.UpdateTenantRequest.TenantFieldNumber, [0x0A, 3]), 1, 2, 3], V1.UpdateTenantRequest.Descriptor);

    private static void Pass(byte[] wire, MessageDescriptor? form = null)
    {
        foreach (var sequence in new[] { new ReadOnlySequence<byte>(wire), Split(wire) }) WireScan.Require(sequence, form ?? V1.StartRunRequest.Descriptor);
    }

    private static void Refuse(string reason, byte[] wire, MessageDescriptor? form = null)
    {
        foreach (var sequence in new[] { new ReadOnlySequence<byte>(wire), Split(wire) })
        {
            var fault = Assert.Throws<InvalidInputException>(() => WireScan.Require(sequence, form ?? V1.StartRunRequest.Descriptor));
            Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Varints(int count, bool distinct) =>
        [.. Enumerable.Range(0, count).SelectMany(i => (byte[])[.. Tag(1_000 + (distinct ? i : 0), WireFormat.WireType.Varint), 1])];

    /// <summary>Lists of a value in each other, two levels each, with groups in the innermost.</summary>
    private static byte[] Nested(int lists, int groups)
    {
        var wire = Groups(groups);
        for (var i = 0; i < lists; i++) wire = Field(Value.ListValueFieldNumber, Field(ListValue.ValuesFieldNumber, wire));
        return wire;
    }

    private static byte[] Groups(int depth) =>
        [.. Enumerable.Repeat(Tag(1_000, WireFormat.WireType.StartGroup), depth).SelectMany(tag => tag), .. Enumerable.Repeat(Tag(1_000, WireFormat.WireType.EndGroup), depth).SelectMany(tag => tag)];

    private static byte[] Tag(int number, WireFormat.WireType type) => Written(wire => wire.WriteTag(number, type));

    private static byte[] Field(int number, byte[] content) => Written(wire =>
    {
        wire.WriteTag(number, WireFormat.WireType.LengthDelimited);
        wire.WriteBytes(ByteString.CopyFrom(content));
    });

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var wire = new CodedOutputStream(buffer, leaveOpen: true)) write(wire);
        return buffer.ToArray();
    }

    /// <summary>The same bytes in two pieces, as a connection's buffer has them.</summary>
    private static ReadOnlySequence<byte> Split(byte[] wire)
    {
        var first = new Piece(wire.AsMemory(0, wire.Length / 2), null);
        var last = new Piece(wire.AsMemory(wire.Length / 2), first);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.Memory.Length;
            before.Next = this;
        }
    }
}
