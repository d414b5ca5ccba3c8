using AgentRuntime.AwsStore.Requests;
using Amazon.S3;

namespace AgentRuntime.Aws.Tests.AwsStore.Requests;

public sealed class StoreFailuresTests
{
    [Theory]
    [InlineData("AccessDeniedException", "rights")]
    [InlineData("AccessDenied", "rights")]
    [InlineData("ExpiredToken", "rights")]
    [InlineData("NoSuchBucket", "is not there")]
    [InlineData("SlowDown", "does not take requests")]
    public void Unavailable_WhatAwsSays_NamesTheFix(string code, string text)
    {
        var failure = StoreFailures.Unavailable("The store", new AmazonS3Exception("refused") { ErrorCode = code });
        Assert.Equal((ErrorCode.Unavailable, true), (failure.Code, failure.IsTransient));
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    }
}
