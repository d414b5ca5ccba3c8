using System.Text;
using ZstdSharp;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// Compresses the texts of records with a dictionary of how records begin and end, because most are too short to repeat themselves. The dictionary is part of the form and
/// never changes: a better one is another form.
/// </summary>
internal static class RecordTexts
{
    private const int Level = 9;

    // What is most common comes last: the nearer, the cheaper.
    internal static readonly byte[] Dictionary = Encoding.ASCII.GetBytes(
        ("run.failedrun.cancelledattempt.failedattempt.lostinput.receivedapproval.requestedapproval.decidedtool.decidedtool.startedrun.paused{'reason':''}run.resumed"
        + "{'requester':{'issuer':'','subject':'','person':'','tenant':'','roles':['agent'],'authenticatedAt':''},'agent':'','agentVersion':1,'definitionHash':'','publisher':'',"
        + "'tools':[{'name':'','contractHash':''}],'policyHash':'','model':'','limits':{'maxSteps':,'maxWallTime':'','maxTokens':},'requestId':'','bodyDigest':'','input':''}"
        + "run.startedrun.completedruntime{'output':''}'outcome':'Error','result':'','malformed':'','needsPerson':true,'text':'"
        + "model.repliedmodel:{'step':1,'attempt':1,'model':'','calls':[{'id':'c1','name':'','arguments':{'':''}}],'inputTokens':1,'outputTokens':1}"
        + "tool.returnedtool:{'step':1,'attempt':1,'call':1,'outcome':'Success','result':'|'|''}").Replace('\'', '"').Replace('|', '\\'));

    // They keep their tables, which cost more to make than a record to compress.
    [ThreadStatic]
    private static Compressor? _compressor;

    [ThreadStatic]
    private static Decompressor? _decompressor;

    public static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> texts)
    {
        if (_compressor is null)
        {
            _compressor = new Compressor(Level);
            _compressor.LoadDictionary(Dictionary);
        }

        return _compressor.Wrap(texts);
    }

    /// <exception cref="InvalidDataException">They are damaged, or more than <paramref name="maxBytes"/>.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> compressed, int maxBytes)
    {
        if (_decompressor is null)
        {
            _decompressor = new Decompressor();
            _decompressor.LoadDictionary(Dictionary);
        }

        try
        {
            var length = Decompressor.GetDecompressedSize(compressed);
            if (length > (ulong)maxBytes) throw new InvalidDataException($"texts of records unfold to {length} bytes, more than {maxBytes}");
            return _decompressor.Unwrap(compressed).ToArray();
        }
        catch (ZstdException failure)
        {
            throw new InvalidDataException("texts of records cannot be decompressed", failure);
        }
    }
}
