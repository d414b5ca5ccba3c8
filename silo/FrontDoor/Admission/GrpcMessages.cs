using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using AgentRuntime.Common;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Admission;

/// <summary>Looks at the message of a gRPC call where it lies in the connection's buffer, before it is parsed, and leaves it there.</summary>
internal sealed class GrpcMessages(IOptions<GrpcServiceOptions> grpc, MessageTime time)
{
    // One byte that says whether the message is compressed, four of its length.
    private const int PrefixBytes = 5;
    private const int BlockBytes = 16 * 1024;
    private const string Encoding = "grpc-encoding";
    private const string Plain = "identity";

    private readonly ConcurrentDictionary<IMethod, MessageDescriptor> _forms = new();

    /// <summary>Refuses what is too large, is no message of the method, or holds too much that the API does not have.</summary>
    /// <exception cref="AgentRuntimeException">InvalidArgument or LimitExceeded.</exception>
    public async Task RequireAsync(HttpContext http, int maxBytes)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is not { Type: MethodType.Unary or MethodType.ServerStreaming } method) return;
        var body = http.Request.BodyReader;
        var form = _forms.GetOrAdd(method, FormOf);
        try
        {
            var read = await time.ReadAsync(http, part => RequireOne(part, maxBytes));
            await RequireAsync(read.Buffer, form, http.Request.Headers[Encoding], maxBytes);
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        catch (BadHttpRequestException refused)
        {
            throw refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(maxBytes) : new InvalidInputException("body", "could not be read to its end; send it again.");
        }
        catch (IOException gone)
        {
            throw new OperationCanceledException("The caller has gone.", gone);
        }
    }

    private static void RequireOne(ReadResult part, int maxBytes)
    {
        if (part.Buffer.Length >= PrefixBytes && part.Buffer.Length > PrefixBytes + PrefixOf(part.Buffer, maxBytes).Length) throw new InvalidInputException("body", "holds more than one message.");
    }

    private static (byte Flag, int Length) PrefixOf(ReadOnlySequence<byte> body, int maxBytes)
    {
        if (body.Length < PrefixBytes) throw new InvalidInputException("body", "holds no message.");
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        body.Slice(0, PrefixBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return length <= maxBytes ? (prefix[0], (int)length) : throw TooLarge(maxBytes);
    }

    private async Task RequireAsync(ReadOnlySequence<byte> body, MessageDescriptor form, string? encoding, int maxBytes)
    {
        var (flag, length) = PrefixOf(body, maxBytes);
        if (body.Length < PrefixBytes + length) throw new InvalidInputException("body", "ends before its message does.");
        var message = body.Slice(PrefixBytes);
        if (flag == 0)
        {
            WireScan.Require(message, form);
            return;
        }

        if (flag != 1) throw new InvalidInputException("body", "begins with a byte that says neither that its message is compressed nor that it is not.");
        if (encoding is null or Plain) throw new InvalidInputException(Encoding, "does not say how the message is compressed; name it, or send the message as it is.");

        // How to unpack what else there is nobody knows: gRPC says so.
        if (grpc.Value.CompressionProviders.FirstOrDefault(each => each.EncodingName == encoding) is { } provider)
            WireScan.Require(await UnpackAsync(message, provider, maxBytes), form);
    }

    private static async Task<ReadOnlySequence<byte>> UnpackAsync(ReadOnlySequence<byte> message, ICompressionProvider provider, int maxBytes)
    {
        var unpacked = new MemoryStream();
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            await using var stream = provider.CreateDecompressionStream(PipeReader.Create(message).AsStream());
            while (await stream.ReadAsync(block) is > 0 and var read)
            {
                if (unpacked.Length + read > maxBytes) throw TooLarge(maxBytes);
                unpacked.Write(block, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            throw new InvalidInputException("body", "is not compressed as grpc-encoding says.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return new ReadOnlySequence<byte>(unpacked.GetBuffer(), 0, (int)unpacked.Length);
    }

    // The message's own type is the method's first type argument.
    private static MessageDescriptor FormOf(IMethod method) => ((IMessage)Activator.CreateInstance(method.GetType().GetGenericArguments()[0])!).Descriptor;

    private static AgentRuntimeException TooLarge(int maxBytes) => new(ErrorCode.LimitExceeded, $"body: must be at most {maxBytes} bytes.");
}
