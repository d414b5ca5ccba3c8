using System.Text;

namespace AgentRuntime.Runs.Driving;

/// <summary>Bytes of a text in UTF-8, counted only where they matter.</summary>
internal static class PayloadSize
{
    /// <summary>The bytes, or the characters of a text that cannot exceed <paramref name="max"/> bytes whatever it holds.</summary>
    public static long Of(string text, int max) => text.Length > max / 3 ? Encoding.UTF8.GetByteCount(text) : text.Length;
}
