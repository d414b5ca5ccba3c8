using AgentRuntime.AwsStore.StartQueue;
using AgentRuntime.Common;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Tests.AwsStore.StartQueue;

/// <summary>What is made of a message before the front door sees it.</summary>
public sealed class StartMessageTests
{
    private const string Body = """{"parent": "tenants/acme"}""";

    [Fact]
    public void Read_WhatTheFrontDoorReads_BecomesHeaders()
    {
        var message = Message(Body, ("Authorization", "Bearer t"), ("x-agentruntime-tenant", "acme"), ("traceparent", "00-1-2-01"), ("priority", "high"));
        var read = StartMessage.Read(message);
        Assert.Equal("v1/tenants/acme/runs", read.Path);
        Assert.Equal(Body, read.Body);
        Assert.Equal(
            [new("authorization", "Bearer t"), new("traceparent", "00-1-2-01"), new("x-agentruntime-tenant", "acme")],
            read.Headers.OrderBy(header => header.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"agent": "a"}""", "parent")]
    [InlineData("""{"parent": 1}""", "parent")]
    [InlineData("""{"parent": "tenants/acme/runs"}""", "parent")]
    [InlineData("""{"parent": "tenants/../x"}""", "parent")]
    [InlineData("""{"parent": "tenants/acme?x"}""", "parent")]
    [InlineData("""["tenants/acme"]""", "parent")]
    [InlineData("""{"parent": "\ud800"}""", "body")]
    [InlineData("""{"parent": "tenants/\udc00"}""", "body")]
    [InlineData("", "body")]
    [InlineData("""{"parent": "tenants/acme" """, "body")]
    public void Read_NoCallOfATenant_IsRefused(string body, string field) =>
        Assert.Equal(field, Assert.Throws<InvalidInputException>(() => StartMessage.Read(Message(body))).Field);

    [Theory]
    [InlineData("Bearer \r\nx: y")]
    [InlineData("Bearer é")]
    public void Read_CredentialThatIsNoHeader_IsRefusedWithoutBeingSaid(string value)
    {
        var refused = Assert.Throws<InvalidInputException>(() => StartMessage.Read(Message(Body, ("authorization", value))));
        Assert.Equal("authorization", refused.Field);
        Assert.DoesNotContain("Bearer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BinaryCredential_IsRefused()
    {
        var message = Message(Body);
        message.MessageAttributes = new() { ["authorization"] = new MessageAttributeValue { DataType = "Binary", BinaryValue = new MemoryStream([1]) } };
        Assert.Equal("authorization", Assert.Throws<InvalidInputException>(() => StartMessage.Read(message)).Field);
    }

    [Fact]
    public void Read_TooMuch_IsRefused()
    {
        Assert.Equal("body", Assert.Throws<InvalidInputException>(() => StartMessage.Read(Message(Body + new string(' ', StartMessage.MaxBodyBytes)))).Field);
        var half = new string('x', StartMessage.MaxHeaderBytes / 2);
        var message = Message(Body, ("authorization", half), ("x-agentruntime-more", half));
        Assert.Equal("attributes", Assert.Throws<InvalidInputException>(() => StartMessage.Read(message)).Field);
    }

    private static Message Message(string body, params (string Name, string Value)[] attributes) => new()
    {
        Body = body,
        MessageAttributes = attributes.ToDictionary(each => each.Name, each => new MessageAttributeValue { DataType = "String", StringValue = each.Value }),
    };
}
