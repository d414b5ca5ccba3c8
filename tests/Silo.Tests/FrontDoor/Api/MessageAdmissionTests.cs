using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Admission;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>What a call must be before its message is parsed, sent by hand: no client library sends some of it.</summary>
public sealed class MessageAdmissionTests(FrontDoorHost host) : IDisposable
{
    private const string List = "/agentruntime.v1.Runs/ListRuns";
    private const string Health = "/grpc.health.v1.Health/Check";

    private static readonly byte[] Message = new V1.ListRunsRequest { Parent = "tenants/acme" }.ToByteArray();

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private string Token => host.Token("acme", "anna", Roles.Developer);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Call_WithoutCredential_IsRefusedBeforeItsMessageIsThere()
    {
        using var endless = new EndlessContent([0, 0, 64, 0, 0, .. Message]);
        using var request = Request(List, endless, token: null);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), Read(response));
    }

    [Fact]
    public async Task Call_WithoutCredential_OverJson_IsRefusedBeforeItsBodyIsThere()
    {
        using var endless = new EndlessContent("{"u8.ToArray());
        endless.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.HttpEndpoint, "/v1/tenants/acme/runs")) { Content = endless };
        request.Headers.ExpectContinue = true;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData(List, false)]
    [InlineData(List, true)]
    [InlineData("/agentruntime.v1.Approvals/WatchApprovals", true)]
    [InlineData("/agentruntime.v1.Approvals/WatchApprovals", false)]
    public async Task Message_ThatDoesNotEnd_IsRefusedInTime(string method, bool isWhole)
    {
        var watch = new V1.WatchApprovalsRequest { Parent = "tenants/acme" }.ToByteArray();
        using var slow = new EndlessContent(isWhole ? Frame(method == List ? Message : watch) : [0, 0, 0x3F, 0xFF, 0xFF, .. Message]);
        using var request = Request(method, slow, Token);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((StatusCode.DeadlineExceeded, "TIMEOUT"), Read(response));
    }

    [Fact]
    public async Task Body_ThatDoesNotEnd_OverJson_IsRefusedInTime()
    {
        // By hand: the client waits for the end of what it sends.
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.HttpEndpoint.Port, TestContext.Current.CancellationToken);
        var sent = $"POST /v1/tenants/acme/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{";
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(sent), TestContext.Current.CancellationToken);
        var (answer, piece) = ("", new byte[4096]);
        while (!answer.Contains("\"TIMEOUT\"", StringComparison.Ordinal) && await client.GetStream().ReadAsync(piece, FrontDoorHost.Patience) is > 0 and var read)
            answer += System.Text.Encoding.UTF8.GetString(piece, 0, read);
        Assert.StartsWith("HTTP/1.1 504", answer, StringComparison.Ordinal);
        Assert.Contains("\"TIMEOUT\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithAPrefixThatSaysNothing_IsRefusedWithDetails()
    {
        var other = Frame(Message);
        other[0] = 2;
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(other));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(Message, compressed: true)));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(Message, compressed: true), "identity"));
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 1, 0xFF })]
    [InlineData(new byte[] { 0xC3, 0x3E, 0xCC, 0x3E })]
    public async Task Health_WithWhatCannotBeParsed_IsRefusedWithDetails(byte[] message) =>
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(message), method: Health));

    [Fact]
    public async Task Message_Whole_Compressed_OrInPieces_IsServed()
    {
        Assert.Equal((StatusCode.OK, null), await SendAsync(Frame(Message)));
        Assert.Equal((StatusCode.OK, null), await SendAsync(Frame(Packed(Message), compressed: true), "gzip"));
        Assert.Equal((StatusCode.OK, null), await SendAsync(Frame([.. Message, .. Unknown(2)])));
        var patient = new V1.ListRunsRequest { Parent = "tenants/acme", PageToken = new string('x', 3_000_000) }.ToByteArray();
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(patient)));
    }

    [Fact]
    public async Task Message_TooLarge_IsRefusedWithDetails()
    {
        Assert.Equal((StatusCode.ResourceExhausted, "LIMIT_EXCEEDED"), await SendAsync(Frame(new byte[FrontDoorLimits.MaxReceiveMessageBytes + 1])));
        Assert.Equal((StatusCode.ResourceExhausted, "LIMIT_EXCEEDED"), await SendAsync(Frame(Packed(new byte[FrontDoorLimits.MaxReceiveMessageBytes + 1]), compressed: true), "gzip"));
    }

    [Fact]
    public async Task Message_WithTooManyUnknownFields_IsRefused()
    {
        byte[] many = [.. Message, .. Unknown(WireScan.MaxUnknownFields + 1)];
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(many)));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(Packed(many), compressed: true), "gzip"));
    }

    [Fact]
    public async Task Message_ThatIsNone_IsRefusedWithDetails()
    {
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync([]));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(Message)[..^1]));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync([.. Frame(Message), .. Frame(Message)]));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame([0x0A, 200])));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(Message, compressed: true), "gzip"));
    }

    [Fact]
    public async Task Health_WithMoreThanItsMessageNeeds_IsRefused()
    {
        Assert.Equal((StatusCode.OK, null), await SendAsync(Frame([]), method: Health));
        Assert.Equal((StatusCode.ResourceExhausted, "LIMIT_EXCEEDED"), await SendAsync(Frame(new byte[FrontDoorLimits.MaxAnonymousMessageBytes + 1]), method: Health));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await SendAsync(Frame(Unknown(WireScan.MaxUnknownFields + 1)), method: Health));
    }

    private static byte[] Frame(byte[] message, bool compressed = false)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Packed(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(message);
        return packed.ToArray();
    }

    private static byte[] Unknown(int fields)
    {
        using var buffer = new MemoryStream();
        using (var wire = new CodedOutputStream(buffer, leaveOpen: true))
        {
            for (var i = 0; i < fields; i++)
            {
                wire.WriteTag(1_000 + i, WireFormat.WireType.Varint);
                wire.WriteInt32(1);
            }
        }

        return buffer.ToArray();
    }

    private async Task<(StatusCode Status, string? Reason)> SendAsync(byte[] body, string? encoding = null, string method = List)
    {
        using var content = new ByteArrayContent(body);
        using var request = Request(method, content, Token);
        if (encoding is not null) request.Headers.Add("grpc-encoding", encoding);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return Read(response);
    }

    private HttpRequestMessage Request(string method, HttpContent content, string? token)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Endpoint, method)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static (StatusCode Status, string? Reason) Read(HttpResponseMessage response)
    {
        var end = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        var status = (StatusCode)int.Parse(end.GetValues("grpc-status").Single(), CultureInfo.InvariantCulture);
        if (!end.TryGetValues("grpc-status-details-bin", out var details)) return (status, null);
        var text = details.Single();
        return (status, Status.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='))).GetDetail<ErrorInfo>()?.Reason);
    }

    /// <summary>Begins a body and never ends it.</summary>
    private sealed class EndlessContent(byte[] begin) : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(begin);
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _end.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
