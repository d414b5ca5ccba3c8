using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using Google.Protobuf;

namespace AgentRuntime.Silo.Tests.FrontDoor;

public sealed class UnknownFieldsTests
{
    private const int UnknownField = 9_999;

    [Fact]
    public void Require_AsManyAsANewerClientHas_PassesThem() => UnknownFields.Require(Parsed(UnknownFields.MaxBytes - 100));

    [Fact]
    public void Require_LargeKnownFields_PassesThem() => UnknownFields.Require(new V1.StartRunRequest { Input = new string('x', 10 * UnknownFields.MaxBytes) });

    [Fact]
    public void Require_TooMany_IsRefused() => Refused(Parsed(UnknownFields.MaxBytes + 100));

    [Fact]
    public void Require_TooManyInAPart_IsRefused() =>
        Refused(V1.UpdateTenantRequest.Parser.ParseFrom(Field(V1.UpdateTenantRequest.TenantFieldNumber, Field(UnknownField, new byte[UnknownFields.MaxBytes + 100]))));

    private static void Refused(IMessage message) =>
        Assert.Contains("fields that this API does not have", Assert.Throws<InvalidInputException>(() => UnknownFields.Require(message)).Message, StringComparison.Ordinal);

    private static V1.StartRunRequest Parsed(int unknownBytes) => V1.StartRunRequest.Parser.ParseFrom(Field(UnknownField, new byte[unknownBytes]));

    private static byte[] Field(int number, byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var wire = new CodedOutputStream(buffer, leaveOpen: true))
        {
            wire.WriteTag(number, WireFormat.WireType.LengthDelimited);
            wire.WriteBytes(ByteString.CopyFrom(content));
        }

        return buffer.ToArray();
    }
}
