using System.Xml;
using System.Xml.Linq;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>What STS says about a proof: who signed it.</summary>
internal sealed record StsAnswer(string Arn, string Account)
{
    /// <summary>Of an answer; those of STS have less than 2 KiB.</summary>
    public const int MaxBytes = 16 * 1024;

    private static readonly XNamespace Space = "https://sts.amazonaws.com/doc/2011-06-15/";

    /// <exception cref="InvalidDataException">It is no answer to GetCallerIdentity.</exception>
    public static StsAnswer Parse(string text)
    {
        var results = Read(text) is { } root && root.Name == Space + "GetCallerIdentityResponse" ? root.Elements(Space + "GetCallerIdentityResult").ToList() : [];
        return results is [var result] && TextOf(result, "Arn") is { } arn && TextOf(result, "Account") is { } account
            ? new StsAnswer(arn, account)
            : throw new InvalidDataException("STS answered something else than who the caller is.");
    }

    /// <summary>The code of an error; empty when there is none.</summary>
    public static string ErrorOf(string text)
    {
        try
        {
            return Read(text).Descendants().FirstOrDefault(each => each.Name.LocalName == "Code")?.Value ?? "";
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }

    private static string? TextOf(XElement result, string name) => result.Elements(Space + name).ToList() is [{ HasElements: false } only] ? only.Value : null;

    private static XElement Read(string text)
    {
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxBytes });
            return XElement.Load(reader);
        }
        catch (XmlException fault)
        {
            throw new InvalidDataException("STS answered no XML that may be read.", fault);
        }
    }
}
