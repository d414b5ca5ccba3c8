using System.CommandLine;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Chaos.Kill.Effects;

/// <summary>
/// The world outside: a process of its own that makes effects and writes them down. It honours idempotency keys of calls that are not
/// at-most-once; an at-most-once call that comes twice has its effect twice, as such services do.
/// </summary>
internal static class EffectsVerb
{
    public const string KeyHeader = "Idempotency-Key";
    public const string AttemptHeader = "Attempt";
    private const int MaxAnswerMs = 50;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port on loopback." };
        var file = new Option<string>("--file") { Description = "The file of effects." };
        var seed = new Option<int>("--seed") { Description = "Seed of the delays." };
        var parent = new Option<int>("--parent") { Description = "Ends with this process." };
        var command = new Command("effects", "Records effects.") { port, file, seed, parent };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            using var effects = new EffectFile(parsed.GetValue(file)!);
            await using var app = Build(parsed.GetValue(port), effects, parsed.GetValue(seed));
            await app.StartAsync(cancellation);
            Console.WriteLine("""{"event":"ready"}""");
            await ParentProcess.WaitForEndAsync(parsed.GetValue(parent), cancellation);
        });
        return command;
    }

    private static WebApplication Build(int port, EffectFile effects, int seed)
    {
        var app = LoopbackApp.Create(port);
        app.MapPost("/call", context => ServeAsync(context, effects, seed));
        return app;
    }

    private static async Task ServeAsync(HttpContext context, EffectFile effects, int seed)
    {
        var call = ScriptCall.Parse((await context.Request.ReadFromJsonAsync<System.Text.Json.JsonDocument>())!.RootElement);
        var attempt = int.Parse(context.Request.Headers[AttemptHeader].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var line = new EffectLine(false, context.Request.Headers[KeyHeader]!, call.Digest, call.Run, call.Step, call.Call, call.Tool.Name, attempt);
        effects.Arrived(line);
        var wait = TimeSpan.FromMilliseconds(Dice.Roll(MaxAnswerMs + 1, seed, call.Run, call.Step, call.Call, attempt, 3));
        var recordsFirst = Dice.Roll(2, seed, call.Run, call.Step, call.Call, attempt, 4) == 0;

        // Who hangs up before the effect has none: both outcomes of a broken call must be there.
        if (!recordsFirst) await Task.Delay(wait, context.RequestAborted);
        if (call.Tool.HasEffect) effects.Make(line, honoursKey: !call.Tool.IsAtMostOnce);
        if (recordsFirst) await Task.Delay(wait);
        await context.Response.WriteAsync(call.Answer);
    }
}
