using System.Buffers;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Admission;
using Google.Protobuf;
using Google.Protobuf.Reflection;

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
